"""The deeds of a complaint: filing, handling, redress, learning and ending (the staff's), following (the customer's),
minding (the clock's); before words leave, wording looks at them, and copies go to whom the site has named."""
