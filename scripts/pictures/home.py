"""Kitchen, children, music, games."""

from pictures.pen import Pen
from pictures.scene import kitchen, night, room

INK, STEEL, DARK, YELLOW, BLUE, RED, GREEN = "#16251d", "#b8c2bc", "#3b4741", "#ffcc1f", "#0f4c8a", "#a32e1d", "#2a663b"
WOOD = "#a9825a"


def sewing_machine(pen: Pen) -> None:
    room(pen, "#e9d8dc", "#a9825a")
    pen.box(40, 210, 320, 18, "#8a683f", 3)
    pen.shadow(200, 212, 120, 6)
    pen.box(104, 192, 206, 20, "#cfd8cc", 6)
    pen.box(252, 96, 56, 100, "#e9efe9", 10)
    pen.box(108, 90, 200, 46, "#f7faf5", 16)
    pen.box(112, 132, 42, 30, "#e9efe9", 6)
    pen.bar((133, 160), (133, 190), STEEL, 4)
    pen.wheel(320, 124, 22, hub=RED)
    pen.box(228, 66, 14, 26, BLUE, 3)
    pen.line([(235, 70), (180, 84), (134, 100), (133, 184)], BLUE, 1.6)
    pen.dot(200, 113, 9, RED)
    pen.poly([(60, 204), (118, 190), (176, 204), (160, 214), (70, 214)], "#c76b7d")


def waffle_iron(pen: Pen) -> None:
    kitchen(pen, "#f3e6d2")
    pen.shadow(190, 246, 110)
    pen.oval(180, 214, 92, 32, INK)
    pen.oval(180, 206, 88, 28, STEEL)
    for angle in range(5):
        pen.oval(140 + angle * 20, 206, 12, 9, "#dba34c")
        pen.oval(140 + angle * 20, 206, 7, 4, "#c08a34")
    pen.oval(180, 118, 30, 84, INK)
    pen.oval(188, 118, 22, 74, STEEL)
    pen.bar((268, 212), (334, 212), DARK, 14)
    pen.oval(322, 256, 48, 13, "#fffaf0")
    pen.oval(322, 250, 34, 12, "#dba34c")
    for x in (306, 322, 338):
        pen.bar((x, 242), (x - 4, 258), "#c08a34", 2)
    pen.dot(322, 243, 7, RED)


def canning_pot(pen: Pen) -> None:
    kitchen(pen, "#e4ecd9")
    pen.shadow(180, 252, 110)
    pen.box(94, 106, 172, 142, "#5b86a8", 14)
    pen.box(94, 106, 172, 24, "#7ba3c1", 12)
    pen.box(86, 96, 188, 16, DARK, 8)
    pen.box(160, 80, 40, 18, DARK, 8)
    for x in (78, 266):
        pen.box(x, 146, 17, 36, DARK, 6)
    pen.ring(180, 196, 20, "#fffaf0", 4)
    pen.bar((180, 196), (190, 184), RED, 3)
    for x, colour in ((290, "#b5424a"), (334, "#e58a1f")):
        pen.box(x, 196, 36, 56, colour, 6)
        pen.box(x, 196, 36, 12, "#ffffff66", 4)
        pen.box(x - 2, 184, 40, 13, STEEL, 4)


def raclette(pen: Pen) -> None:
    kitchen(pen, "#e8dfe6")
    pen.shadow(200, 250, 150)
    pen.box(66, 146, 268, 18, "#6d7a72", 6)
    pen.box(80, 136, 240, 14, "#8a948e", 4)
    for x, colour in ((100, "#c4432f"), (150, "#e0c36a"), (200, "#7fa650"), (250, "#c4432f")):
        pen.oval(x + 25, 135, 18, 7, colour)
    pen.box(92, 162, 216, 26, "#e4572e44")
    for x in (74, 314):
        pen.box(x, 150, 14, 88, DARK, 4)
    for x in range(96, 300, 52):
        pen.box(x, 196, 42, 13, INK, 3)
        pen.box(x + 3, 193, 36, 7, "#ffe08a", 3)
        pen.bar((x + 21, 206), (x + 21, 252), WOOD, 7)
    pen.box(66, 230, 268, 11, DARK, 4)


def popcorn(pen: Pen) -> None:
    room(pen, "#d9e6ea", "#a9825a")
    pen.shadow(200, 274, 90)
    pen.box(122, 60, 156, 170, "#c4432f", 8)
    pen.box(136, 92, 128, 112, "#eaf4f6", 4)
    pen.oval(200, 114, 26, 13, STEEL)
    pen.bar((200, 92), (200, 108), DARK, 4)
    for x, y in (
        (150, 190), (166, 182), (184, 192), (202, 184), (220, 192), (238, 184), (252, 192), (176, 170), (210, 168),
        (194, 156), (232, 172), (158, 168), (222, 146), (188, 136),
    ):  # fmt: skip
        pen.dot(x, y, 8, "#fff3c4")
        pen.dot(x + 3, y + 2, 4, "#f1d88c")
    pen.poly([(110, 62), (290, 62), (270, 34), (130, 34)], YELLOW)
    pen.box(112, 226, 176, 44, "#842114", 6)
    for x in range(126, 280, 28):
        pen.box(x, 232, 14, 32, "#fffaf0", 2)


def pasta_maker(pen: Pen) -> None:
    kitchen(pen, "#dfe8ee")
    pen.shadow(200, 250, 110)
    pen.box(120, 118, 160, 92, "#d5dbd7", 10)
    pen.box(120, 118, 160, 24, "#eef2ef", 8)
    pen.box(134, 206, 132, 14, DARK, 4)
    pen.box(146, 220, 108, 26, "#9aa69e", 3)
    pen.dot(140, 164, 9, DARK)
    pen.line([(280, 160), (316, 160), (316, 206)], DARK, 6)
    pen.box(306, 202, 20, 26, RED, 6)
    for step in range(9):
        x = 146 + step * 13
        pen.line([(x, 210), (x - 4, 236), (x + 2, 262), (x - 6, 284)], "#e9c46a", 4)
    pen.poly([(140, 84), (260, 84), (256, 122), (144, 122)], "#f0d58c")


def travel_cot(pen: Pen) -> None:
    room(pen, "#dfe8d8", "#c09a6c")
    pen.shadow(200, 272, 140)
    pen.box(72, 110, 256, 150, "#f7faf5", 12)
    pen.box(88, 132, 224, 104, "#c7d9e2", 6)
    for x in range(92, 310, 12):
        pen.bar((x, 134), (x, 234), "#ffffff77", 1.2)
    pen.box(88, 206, 224, 32, "#f3d9a0", 8)
    pen.box(64, 102, 272, 18, BLUE, 9)
    for x in (66, 320):
        pen.box(x, 104, 14, 164, BLUE, 6)
    pen.dot(140, 192, 16, WOOD)
    pen.dot(128, 180, 7, WOOD)
    pen.dot(152, 180, 7, WOOD)
    pen.oval(140, 197, 7, 5, "#e2c69b")
    pen.line([(200, 10), (200, 30)], DARK, 2)
    for x, colour in ((166, RED), (200, YELLOW), (234, GREEN)):
        pen.line([(200, 30), (x, 56)], DARK, 1.4)
        pen.dot(x, 64, 9, colour)


def games(pen: Pen) -> None:
    room(pen, "#e6dfef", "#8a683f")
    pen.box(40, 236, 320, 16, "#6f5436", 3)
    pen.shadow(190, 238, 110, 5)
    for y, colour, x in ((198, BLUE, 96), (160, RED, 108), (122, GREEN, 100)):
        pen.box(x, y, 190, 38, colour, 3)
        pen.box(x + 12, y + 9, 80, 20, "#fffaf0", 2)
        pen.box(x + 160, y + 11, 18, 16, YELLOW, 2)
    pen.box(128, 88, 44, 34, "#fffaf0", 6)
    for x, y in ((139, 97), (150, 105), (161, 113)):
        pen.dot(x, y, 3.6, INK)
    for x, colour in ((200, RED), (226, YELLOW), (252, BLUE)):
        pen.poly([(x - 10, 122), (x + 10, 122), (x + 4, 98), (x - 4, 98)], colour)
        pen.dot(x, 94, 8, colour)
    for x, turn in ((306, 0), (322, 8), (338, 16)):
        pen.box(x, 180 + turn, 36, 54 - turn, "#fffaf0", 4)
        pen.dot(x + 18, 200 + turn, 7, RED)


def guitar(pen: Pen) -> None:
    room(pen, "#e9dcc6", "#8a683f")
    pen.shadow(196, 276, 80)
    pen.oval(190, 216, 62, 56, "#8a4f24")
    pen.oval(200, 144, 46, 44, "#8a4f24")
    pen.oval(190, 216, 55, 49, "#d18b46")
    pen.oval(200, 144, 39, 37, "#d18b46")
    pen.oval(194, 182, 36, 30, "#d18b46")
    pen.dot(196, 170, 18, INK)
    pen.ring(196, 170, 21, "#8a4f24", 2.4)
    pen.poly([(195, 152), (209, 154), (234, 26), (222, 22)], "#5d4030")
    pen.poly([(218, 26), (240, 32), (248, 2), (226, -4)], INK)
    for step in range(5):
        pen.bar((201 + step * 5, 136 - step * 24), (212 + step * 5, 138 - step * 24), "#c9c2b2", 1.4)
    for shift in (-4, 0, 4):
        pen.bar((184 + shift, 236), (227 + shift, 26), "#fffaf0", 1)
    pen.box(166, 232, 40, 8, "#5d4030", 3)


def telescope(pen: Pen) -> None:
    night(pen)
    pen.bar((200, 176), (150, 282), "#9aa69e", 6)
    pen.bar((200, 176), (252, 282), "#9aa69e", 6)
    pen.bar((200, 176), (200, 286), "#7f8b84", 6)
    pen.poly([(126, 196), (140, 216), (292, 116), (272, 86)], "#e9efe9")
    pen.poly([(268, 82), (296, 122), (312, 112), (284, 70)], BLUE)
    pen.poly([(112, 208), (120, 220), (140, 206), (132, 194)], DARK)
    pen.poly([(168, 166), (190, 152), (196, 162), (174, 176)], RED)
    pen.dot(200, 176, 11, DARK)


def speakers(pen: Pen) -> None:
    room(pen, "#d7dee8", "#8f6f52")
    pen.shadow(150, 274, 80)
    pen.box(96, 66, 112, 206, INK, 10)
    pen.box(104, 74, 96, 190, "#2b3a32", 6)
    pen.dot(152, 206, 40, DARK)
    pen.dot(152, 206, 28, "#51605a")
    pen.dot(152, 206, 11, INK)
    pen.dot(152, 118, 24, DARK)
    pen.dot(152, 118, 12, "#51605a")
    pen.dot(112, 84, 4, "#5cc97e")
    pen.bar((290, 274), (290, 112), STEEL, 5)
    pen.bar((256, 278), (324, 278), DARK, 7)
    pen.bar((290, 112), (262, 92), STEEL, 5)
    pen.bar((266, 94), (246, 80), DARK, 12)
    pen.dot(242, 76, 12, "#8a948e")
    pen.line([(262, 98), (280, 160), (240, 220), (208, 252)], YELLOW, 2.4)


def projector(pen: Pen) -> None:
    room(pen, "#2f3d4c", "#5d4738")
    pen.poly([(250, 214), (84, 34), (84, 162)], "#fff3c422")
    pen.box(40, 22, 250, 146, "#fffaf0", 3)
    pen.box(48, 30, 234, 130, "#8fb3c4")
    pen.poly([(48, 160), (120, 84), (178, 160)], "#4f8050")
    pen.poly([(130, 160), (214, 66), (282, 140), (282, 160)], "#3d6b47")
    pen.dot(240, 56, 15, YELLOW)
    pen.bar((165, 168), (165, 250), DARK, 4)
    pen.box(212, 206, 124, 50, "#e9efe9", 10)
    pen.dot(248, 230, 17, INK)
    pen.dot(248, 230, 10, "#93c3ff")
    for y in (220, 230, 240):
        pen.bar((290, y), (324, y), "#9aa69e", 3)
    pen.box(200, 256, 150, 10, "#6f5436", 3)
