"""forcelab: measures, shows and stores force from Bluetooth dynamometers. Not a medical device."""

__version__ = "0.1.0"
