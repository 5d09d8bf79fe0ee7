"""Where things stand: workshop, garden, room, yard, lake, snow, night."""

from pictures.pen import Pen


def workshop(pen: Pen, wall: str = "#dcd6c6") -> None:
    """A bench before a wall with holes for hooks."""
    pen.box(0, 0, 400, 226, wall)
    for row in range(9):
        for column in range(17):
            pen.dot(14 + column * 23.3, 14 + row * 23.3, 1.6, "#16251d1c")
    pen.box(0, 222, 400, 78, "#a9825a")
    pen.box(0, 222, 400, 7, "#c49a6c")
    for y in (246, 268, 288):
        pen.bar((0, y), (400, y + 2), "#8a683f66", 1.2)


def garden(pen: Pen, sky: str = "#cfe4ea") -> None:
    """Hills, a hedge, a lawn."""
    pen.box(0, 0, 400, 300, sky)
    pen.dot(332, 54, 24, "#fff3c4")
    pen.oval(80, 210, 170, 76, "#a9c79a")
    pen.oval(330, 216, 180, 66, "#97ba8b")
    for x in range(-10, 420, 34):
        pen.dot(x, 196, 23, "#5e8f5c")
    pen.box(0, 200, 400, 100, "#84b06f")
    pen.box(0, 200, 400, 10, "#79a566")
    for x, y in ((30, 236), (90, 270), (350, 246), (310, 282), (210, 288), (380, 288)):
        pen.line([(x, y), (x - 3, y - 9)], "#5e8f5c", 1.5)
        pen.line([(x, y), (x + 3, y - 8)], "#5e8f5c", 1.5)


def room(pen: Pen, wall: str = "#f0dfc8", floor: str = "#b98f63") -> None:
    """A wall with a skirting board, and boards underfoot."""
    pen.box(0, 0, 400, 224, wall)
    pen.box(0, 214, 400, 12, "#fffaf0")
    pen.box(0, 226, 400, 74, floor)
    for y in (244, 266, 288):
        pen.bar((0, y), (400, y), "#0000001a", 1.2)
    for x, y in ((60, 226), (230, 226), (140, 244), (330, 244), (40, 266), (270, 266)):
        pen.bar((x, y), (x, y + 20), "#0000001a", 1.2)


def kitchen(pen: Pen, tiles: str = "#dfeae6") -> None:
    """Tiles over a worktop."""
    pen.box(0, 0, 400, 224, tiles)
    for x in range(0, 401, 50):
        pen.bar((x, 0), (x, 222), "#ffffffb0", 2)
    for y in range(22, 222, 50):
        pen.bar((0, y), (400, y), "#ffffffb0", 2)
    pen.box(0, 220, 400, 80, "#7b5b43")
    pen.box(0, 220, 400, 12, "#d9c3a5")


def yard(pen: Pen, wall: str = "#e7d5b5") -> None:
    """Before a house of the village."""
    pen.box(0, 0, 400, 300, "#cfe4ea")
    pen.poly([(150, 40), (270, -30), (420, 50), (420, 90), (150, 90)], "#a5482f")
    pen.box(166, 66, 260, 150, wall)
    pen.box(196, 100, 54, 60, "#fffaf0")
    pen.box(200, 104, 46, 52, "#8fb3c4")
    pen.bar((223, 104), (223, 156), "#fffaf0", 3)
    pen.box(316, 116, 50, 100, "#2a663b")
    pen.dot(357, 170, 3, "#ffcc1f")
    pen.oval(60, 190, 74, 70, "#79a566")
    pen.oval(110, 204, 50, 46, "#6b9a5c")
    pen.box(0, 214, 400, 86, "#c9c2b2")
    for x, y in ((40, 240), (120, 276), (190, 250), (300, 284), (360, 246), (250, 234), (80, 290)):
        pen.oval(x, y, 9, 2.4, "#b3ab99")


def lake(pen: Pen) -> None:
    pen.box(0, 0, 400, 300, "#d6e8ee")
    pen.poly([(0, 140), (90, 70), (170, 140)], "#9db8b0")
    pen.poly([(110, 140), (230, 50), (360, 140)], "#86a79d")
    pen.poly([(260, 140), (350, 90), (440, 140)], "#a9c2b6")
    pen.box(0, 138, 400, 100, "#6fa3b5")
    for y, x in ((152, 40), (166, 220), (182, 90), (200, 290), (156, 320)):
        pen.bar((x, y), (x + 60, y), "#ffffff66", 2)
    pen.poly([(0, 226), (400, 206), (400, 300), (0, 300)], "#dcc79b")


def snow(pen: Pen) -> None:
    pen.box(0, 0, 400, 300, "#bcd3e2")
    pen.oval(90, 220, 180, 90, "#e6eef4")
    pen.oval(330, 226, 190, 80, "#dbe6ee")
    for x, h in ((40, 70), (76, 50), (344, 78), (376, 54)):
        for step in range(3):
            y = 160 - h + step * h / 3.2
            half = 10 + step * 6
            pen.poly([(x, y), (x + half, y + h / 2.2), (x - half, y + h / 2.2)], "#3f6b57")
    pen.box(0, 206, 400, 94, "#f6fafc")
    for x, y in ((50, 40), (120, 90), (200, 36), (270, 100), (330, 50), (160, 150), (30, 120), (380, 110)):
        pen.dot(x, y, 3, "#ffffff")


def night(pen: Pen) -> None:
    pen.box(0, 0, 400, 300, "#14233d")
    pen.box(0, 130, 400, 100, "#1d3151")
    for x, y, r in (
        (40, 40, 2), (90, 90, 1.4), (150, 30, 1.8), (210, 70, 1.3), (280, 34, 2.2), (340, 90, 1.5), (370, 30, 1.6),
        (250, 120, 1.2), (60, 140, 1.3), (320, 150, 1.1), (120, 60, 1), (190, 110, 1),
    ):  # fmt: skip
        pen.dot(x, y, r, "#fff3c4")
    pen.dot(330, 62, 22, "#fff3c4")
    pen.dot(322, 56, 20, "#14233d")
    pen.oval(80, 250, 220, 60, "#20402e")
    pen.oval(330, 256, 220, 60, "#1b3627")
    pen.box(0, 250, 400, 60, "#16301f")
