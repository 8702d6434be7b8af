"""What pages share: controls and their address, the live stage, the reading under it."""
