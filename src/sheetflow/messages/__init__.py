"""The catalogue of finding codes, and every text a person reads, in Chinese and English."""
