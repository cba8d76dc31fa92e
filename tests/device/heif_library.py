# SPDX-License-Identifier: LGPL-2.1-or-later
"""Decodes with the installed libheif, called directly: Debian's Python has no binding of it."""
import ctypes

_heif = ctypes.CDLL("libheif.so.1")


class _Error(ctypes.Structure):
    _fields_ = [("code", ctypes.c_int), ("subcode", ctypes.c_int), ("message", ctypes.c_char_p)]


_pointer = ctypes.c_void_p
_heif.heif_context_alloc.restype = _pointer
_heif.heif_context_free.argtypes = [_pointer]
_heif.heif_context_read_from_file.argtypes = [_pointer, ctypes.c_char_p, _pointer]
_heif.heif_context_get_primary_image_handle.argtypes = [_pointer, ctypes.POINTER(_pointer)]
_heif.heif_decode_image.argtypes = [_pointer, ctypes.POINTER(_pointer), ctypes.c_int, ctypes.c_int, _pointer]
for _name in ("heif_context_read_from_file", "heif_context_get_primary_image_handle", "heif_decode_image"):
    getattr(_heif, _name).restype = _Error
for _name in ("heif_image_get_width", "heif_image_get_height"):
    getattr(_heif, _name).argtypes = [_pointer, ctypes.c_int]
for _name in ("heif_image_release", "heif_image_handle_release"):
    getattr(_heif, _name).argtypes = [_pointer]

_COLORSPACE_RGB, _CHROMA_INTERLEAVED_RGB, _CHANNEL_INTERLEAVED = 1, 10, 10


def _check(error, path):
    if error.code != 0:
        raise ValueError(f"{path}: {error.message.decode()}")


def decoded_size(path):
    """Width and height of the primary picture, decoded and turned upright. Raises ValueError."""
    context, handle, image = _heif.heif_context_alloc(), _pointer(), _pointer()
    try:
        _check(_heif.heif_context_read_from_file(context, str(path).encode(), None), path)
        _check(_heif.heif_context_get_primary_image_handle(context, ctypes.byref(handle)), path)
        _check(_heif.heif_decode_image(handle, ctypes.byref(image), _COLORSPACE_RGB, _CHROMA_INTERLEAVED_RGB, None), path)
        return (_heif.heif_image_get_width(image, _CHANNEL_INTERLEAVED), _heif.heif_image_get_height(image, _CHANNEL_INTERLEAVED))
    finally:
        if image:
            _heif.heif_image_release(image)
        if handle:
            _heif.heif_image_handle_release(handle)
        _heif.heif_context_free(context)
