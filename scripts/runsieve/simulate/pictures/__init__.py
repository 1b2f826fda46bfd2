"""Drawn pictures of six unequal classes, in place of photographs."""
