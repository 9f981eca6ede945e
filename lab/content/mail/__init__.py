"""The mailboxes: letters with attachments, handed to Postfix like any other."""
