"""PDF written by hand, byte by byte: pages of any size, with a scan of any resolution, or with words."""

from __future__ import annotations

A4 = (595, 842)
A5 = (420, 595)
MARK = b"ORDONNANCE DE ZOE LEFEVRE"


def pdf(*, size: tuple[int, int] = A4, dpi: int = 0, pages: int = 1, covers: float = 1.0, text: bytes = b"") -> bytes:
    """A PDF whose pages hold a grey image at this resolution (0: none) over this share of their width, and words."""
    across, down = round(size[0] * covers), round(size[1] * covers)
    width, height = max(1, round(across * dpi / 72)), max(1, round(down * dpi / 72))
    drawn = b"q %d 0 0 %d 0 0 cm /Im0 Do Q" % (across, down) if dpi else b""
    drawn += b" BT /F0 12 Tf 20 20 Td (%s) Tj ET" % text if text else b""
    samples = b"\x80" * (width * height)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (pages, b" ".join(b"%d 0 R" % (6 + n) for n in range(pages))),
        b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8 "
        b"/Length %d >>\nstream\n%s\nendstream" % (width, height, len(samples), samples),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    objects += [
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R "
        b"/Resources << /XObject << /Im0 3 0 R >> /Font << /F0 5 0 R >> >> >>" % size
        for _ in range(pages)
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, one in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)
