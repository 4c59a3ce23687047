"""The picture that a shared link to a school shows: words in, PNG out. Pure, but for the font.

`words` says what stands on a card and what it is called, `draw` draws it, `font` finds the font.
Nothing is imported here: a build asks for the font alone before it needs anything else.
"""
