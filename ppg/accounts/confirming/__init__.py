"""Asked once more, before what cannot be undone or leaves the house: is it still you?"""
