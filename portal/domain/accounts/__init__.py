"""Staff: who they are, what they are at which site, and how they sign in."""
