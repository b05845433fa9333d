"""Pages, fragments, forms and their errors: between the business and the browser."""
