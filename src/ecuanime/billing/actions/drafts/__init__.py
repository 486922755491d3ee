"""From approved work and due fees to drafts, and what is changed on them."""
