"""Mexico: the stamping of CFDIs."""
