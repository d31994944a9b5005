"""What people agree to and take back, told to staff. By themselves they do it on their own page (`own_page`)."""
