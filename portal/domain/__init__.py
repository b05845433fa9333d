"""The business: one package per domain, low to high: sites, accounts, customers, queues, complaints."""
