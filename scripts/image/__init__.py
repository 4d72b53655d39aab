"""What the image is made with, inside its first stage."""
