"""NaI(Tl) crystals with two photomultipliers each, in a liquid scintillator (LS)."""
