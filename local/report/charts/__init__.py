"""Geometry of the pictures: facts in, positions out; the templates draw them as SVG.

Positions are percents of the picture, or units of a view box that is stretched, so that one drawing fits every width.
"""
