"""The website: posts, pictures and comments, put in through WordPress's own functions."""
