"""The portal's languages: words, and the way dates and figures are written in each."""
