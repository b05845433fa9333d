"""What carries a message out of the house: e-mail, and text messages by a webhook."""
