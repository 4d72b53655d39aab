"""What should be on the Space, compared with what is: files by their git ids, settings by their values."""
