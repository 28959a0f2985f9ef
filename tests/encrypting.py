"""Encrypts workbooks as Excel does, for the tests: each way is written out from [MS-OFFCRYPTO]."""

from __future__ import annotations

import struct
from collections.abc import Callable
from hashlib import md5, sha1
from io import BytesIO

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from msoffcrypto.format.ooxml import OOXMLFile
from msoffcrypto.method.container.ecma376_encrypted import ECMA376Encrypted
from msoffcrypto.method.ecma376_standard import ECMA376Standard
from msoffcrypto.method.rc4 import DocumentRC4
from msoffcrypto.method.rc4_cryptoapi import DocumentRC4CryptoAPI
from msoffcrypto.method.xor_obfuscation import DocumentXOR

import biff

_SALT, _VERIFIER = bytes(range(16)), bytes(range(16, 32))
_FILEPASS, _BOUNDSHEET = 0x002F, 0x0085
_PLAIN = frozenset({0x0809, _FILEPASS, 0x00E1})
_BLOCK = 1024
Cipherer = Callable[[bytes], bytes]


def agile(data: bytes, password: str) -> bytes:
    encrypted = BytesIO()
    OOXMLFile(BytesIO(data)).encrypt(password, encrypted)
    return encrypted.getvalue()


def standard(data: bytes, password: str) -> bytes:
    key = ECMA376Standard.makekey_from_password(password, 0x660E, 0x8004, 0x18, 128, 16, _SALT)

    def aes(plain: bytes) -> bytes:
        cipher = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305 - the format's
        return cipher.update(plain.ljust(-(-len(plain) // 16) * 16, b"\0"))

    header = _header(0x660E, 128, 0x18)
    verifier = struct.pack("<I16s16sI", 16, _SALT, aes(_VERIFIER), 20)
    verifier += aes(sha1(_VERIFIER).digest())  # noqa: S324 - the format's
    info = struct.pack("<HHII", 3, 2, 0x24, len(header)) + header + verifier
    package = struct.pack("<Q", len(data)) + aes(data)
    encrypted = BytesIO()
    ECMA376Encrypted(package, info).write_to(encrypted)
    return encrypted.getvalue()


def extensible(data: bytes) -> bytes:
    encrypted = BytesIO()
    ECMA376Encrypted(data, struct.pack("<HHI", 4, 3, 0x10) + bytes(64)).write_to(encrypted)
    return encrypted.getvalue()


def rc4(sheets: dict[str, bytes], password: str) -> bytes:
    def cipher(plain: bytes) -> bytes:
        return bytes(DocumentRC4.decrypt(password, _SALT, BytesIO(plain), _BLOCK).read())

    digest = md5(_VERIFIER).digest()  # noqa: S324 - the format's
    return _encrypted(
        struct.pack("<HHH", 1, 1, 1) + _SALT + cipher(_VERIFIER + digest), sheets, cipher
    )


def rc4_cryptoapi(sheets: dict[str, bytes], password: str) -> bytes:
    def cipher(plain: bytes) -> bytes:
        plain_file = BytesIO(plain)
        return bytes(DocumentRC4CryptoAPI.decrypt(password, _SALT, 128, plain_file, _BLOCK).read())

    header = _header(0x6801, 128, 1)
    proof = cipher(_VERIFIER + sha1(_VERIFIER).digest())  # noqa: S324 - the format's
    verifier = struct.pack("<I16s16sI20s", 16, _SALT, proof[:16], 20, proof[16:])
    filepass = struct.pack("<HHHII", 1, 2, 2, 4, len(header)) + header + verifier
    return _encrypted(filepass, sheets, cipher)


def xor(sheets: dict[str, bytes], password: str) -> bytes:
    key = DocumentXOR.create_xor_key_method1(password)
    verifier = next(n for n in range(1 << 16) if DocumentXOR.verifypw(password, n))
    array = DocumentXOR.create_xor_array_method1(password)

    def body(at: int, size: int, plain: bytes) -> bytes:
        return bytes(
            ((byte << 5 | byte >> 3) & 0xFF) ^ array[(at + size + index) % 16]
            for index, byte in enumerate(plain)
        )

    stream = biff.stream(
        biff.BIFF8, biff.record(_FILEPASS, struct.pack("<HHH", 0, key, verifier)), sheets
    )
    return biff.container(_each_body(stream, body))


def _header(algorithm: int, bits: int, provider: int) -> bytes:
    return struct.pack("<8I", 4, 0, algorithm, 0x8004, bits, provider, 0, 0) + bytes(2)


def _encrypted(filepass: bytes, sheets: dict[str, bytes], cipher: Cipherer) -> bytes:
    stream = biff.stream(biff.BIFF8, biff.record(_FILEPASS, filepass), sheets)
    encrypted = cipher(stream)
    return biff.container(_each_body(stream, lambda at, _, plain: encrypted[at : at + len(plain)]))


def _each_body(stream: bytes, encrypt: Callable[[int, int, bytes], bytes]) -> bytes:
    """Encrypt what is not plain by rule; gets its place, its record's size and its bytes."""
    done, at = bytearray(), 0
    while at < len(stream):
        code, size = struct.unpack_from("<HH", stream, at)
        plain = 4 + (size if code in _PLAIN else 4 if code == _BOUNDSHEET else 0)
        done += stream[at : at + plain]
        done += encrypt(at + plain, size, stream[at + plain : at + 4 + size])
        at += 4 + size
    return bytes(done)
