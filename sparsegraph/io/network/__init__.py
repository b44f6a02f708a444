"""From named tensors to a network: roles, masks, orientation, order, channels."""
