"""Tools and machines."""

from pictures.pen import Pen
from pictures.scene import snow, workshop, yard

INK, STEEL, DARK, YELLOW, BLUE, RED, GREEN = "#16251d", "#b8c2bc", "#3b4741", "#ffcc1f", "#0f4c8a", "#a32e1d", "#2a663b"


def hammer_drill(pen: Pen) -> None:
    workshop(pen)
    pen.shadow(200, 236, 120)
    pen.box(96, 112, 150, 62, GREEN, 16)
    pen.box(96, 112, 150, 20, "#3d8552", 12)
    pen.poly([(112, 168), (166, 168), (150, 236), (104, 236)], DARK)
    pen.box(98, 226, 62, 14, INK, 5)
    pen.box(244, 122, 34, 42, DARK, 6)
    pen.box(276, 130, 22, 26, STEEL, 4)
    pen.bar((298, 143), (372, 143), STEEL, 8)
    for x in range(304, 368, 12):
        pen.bar((x, 147), (x + 7, 139), "#738277", 2)
    pen.box(222, 168, 16, 52, DARK, 6)
    pen.box(164, 176, 12, 22, YELLOW, 3)
    pen.box(124, 142, 66, 12, YELLOW, 3)


def screwdriver(pen: Pen) -> None:
    workshop(pen, "#d5dde0")
    pen.shadow(200, 238, 110)
    pen.box(110, 84, 126, 56, BLUE, 20)
    pen.box(110, 84, 126, 18, "#2f6bab", 14)
    pen.poly([(126, 132), (184, 132), (170, 214), (122, 214)], DARK)
    pen.box(92, 206, 108, 32, INK, 7)
    pen.box(92, 206, 108, 10, YELLOW, 4)
    pen.box(234, 92, 26, 40, DARK, 6)
    pen.poly([(260, 98), (286, 104), (286, 120), (260, 126)], STEEL)
    pen.bar((286, 112), (322, 112), "#738277", 5)
    pen.box(180, 142, 11, 22, RED, 3)
    for x in (244, 270, 296):
        pen.bar((x, 232), (x, 212), "#8a948e", 4)
        pen.bar((x - 5, 212), (x + 5, 212), STEEL, 5)


def ladder(pen: Pen) -> None:
    yard(pen)
    pen.shadow(176, 276, 90)
    for x in (140, 196):
        pen.bar((x, 276), (x + 46, 24), "#d9dfdc", 8)
        pen.bar((x + 2, 276), (x + 48, 24), "#9aa69e", 2)
    for step in range(9):
        y = 254 - step * 27
        x = 144 + step * 4.9
        pen.bar((x, y), (x + 56, y), "#b8c2bc", 6)
    pen.box(132, 270, 18, 9, INK, 3)
    pen.box(188, 270, 18, 9, INK, 3)


def tile_cutter(pen: Pen) -> None:
    workshop(pen, "#e2dccf")
    pen.shadow(200, 244, 140)
    pen.box(70, 214, 260, 22, DARK, 5)
    pen.box(92, 196, 216, 20, "#e9efe9", 2)
    pen.bar((200, 196), (200, 214), "#9aa69e", 1.6)
    for y in (150, 162):
        pen.bar((76, y), (324, y), STEEL, 7)
    pen.box(68, 138, 14, 84, RED, 3)
    pen.box(318, 138, 14, 84, RED, 3)
    pen.box(178, 138, 44, 38, RED, 6)
    pen.bar((206, 140), (268, 84), DARK, 9)
    pen.bar((252, 98), (270, 82), YELLOW, 12)
    pen.dot(200, 184, 8, STEEL)


def toolbox(pen: Pen) -> None:
    workshop(pen, "#dbe3d7")
    pen.shadow(200, 240, 130)
    for x, colour in ((132, YELLOW), (166, RED), (250, BLUE)):
        pen.bar((x, 150), (x, 92), STEEL, 5)
        pen.box(x - 7, 64, 14, 38, colour, 6)
    pen.bar((206, 150), (206, 84), "#a9825a", 9)
    pen.box(184, 66, 46, 24, DARK, 5)
    pen.box(86, 146, 228, 92, RED, 8)
    pen.box(86, 146, 228, 26, "#c4432f", 8)
    pen.box(180, 162, 40, 22, STEEL, 4)
    pen.box(106, 196, 188, 8, "#84211400", 2)
    pen.box(106, 206, 188, 6, "#842114", 3)


def pressure_washer(pen: Pen) -> None:
    yard(pen, "#dfe3da")
    pen.shadow(170, 278, 96)
    pen.bar((120, 118), (120, 250), DARK, 8)
    pen.bar((188, 118), (188, 250), DARK, 8)
    pen.bar((120, 116), (188, 116), DARK, 9)
    pen.box(112, 154, 86, 108, YELLOW, 14)
    pen.box(112, 154, 86, 34, INK, 12)
    pen.box(126, 200, 58, 34, "#f2b900", 6)
    pen.wheel(116, 262, 20)
    pen.wheel(194, 262, 20)
    pen.line([(198, 214), (240, 230), (256, 196), (262, 150)], INK, 5)
    pen.bar((262, 152), (300, 96), DARK, 9)
    pen.bar((298, 98), (352, 34), STEEL, 5)


def vacuum(pen: Pen) -> None:
    workshop(pen, "#d9dfe6")
    pen.shadow(190, 250, 100)
    pen.box(126, 128, 128, 104, "#c9d1cc", 12)
    pen.box(120, 96, 140, 50, BLUE, 18)
    pen.box(162, 76, 56, 26, DARK, 10)
    pen.box(134, 170, 112, 10, "#9aa69e", 4)
    pen.wheel(142, 240, 13)
    pen.wheel(238, 240, 13)
    pen.line([(254, 154), (312, 120), (334, 160), (330, 216)], INK, 11)
    pen.bar((330, 212), (346, 246), STEEL, 9)
    pen.box(318, 240, 62, 12, DARK, 4)


def generator(pen: Pen) -> None:
    yard(pen, "#e3d8c8")
    pen.shadow(200, 272, 120)
    for x in (104, 296):
        pen.line([(x, 262), (x, 150), (x + (20 if x < 200 else -20), 132)], RED, 8)
    pen.bar((124, 132), (276, 132), RED, 8)
    pen.bar((100, 262), (300, 262), RED, 8)
    pen.box(122, 140, 156, 44, "#e3e8e4", 12)
    pen.box(180, 132, 34, 12, DARK, 4)
    pen.box(122, 188, 76, 66, DARK, 8)
    pen.box(204, 188, 74, 66, YELLOW, 6)
    for x in (222, 256):
        pen.dot(x, 210, 11, INK)
        pen.dot(x - 3, 210, 2, STEEL)
        pen.dot(x + 3, 210, 2, STEEL)
    pen.ring(160, 220, 18, STEEL, 4)


def hand_truck(pen: Pen) -> None:
    yard(pen, "#e7dfc5")
    pen.shadow(206, 276, 90)
    for x in (150, 208):
        pen.bar((x, 252), (x, 60), BLUE, 8)
    pen.arc(179, 62, 29, 180, 360, BLUE, 8)
    for y in (104, 150, 196):
        pen.bar((150, y), (208, y), BLUE, 6)
    pen.box(206, 152, 84, 104, "#c49a6c", 3)
    pen.box(240, 152, 16, 104, "#e2c69b")
    pen.box(206, 92, 70, 62, "#b58a58", 3)
    pen.box(232, 92, 15, 62, "#dcbd8f")
    pen.bar((146, 258), (298, 258), DARK, 7)
    pen.wheel(158, 256, 22)


def snow_blower(pen: Pen) -> None:
    snow(pen)
    pen.shadow(196, 268, 120)
    pen.line([(236, 190), (318, 116), (346, 116)], DARK, 7)
    pen.box(156, 148, 96, 62, RED, 12)
    pen.box(172, 130, 50, 30, DARK, 8)
    pen.poly([(86, 192), (158, 186), (166, 262), (74, 262)], "#c4432f")
    pen.poly([(92, 206), (140, 202), (144, 252), (84, 252)], INK)
    for x in (98, 114, 130):
        pen.bar((x, 250), (x + 8, 208), STEEL, 3)
    pen.poly([(126, 190), (150, 190), (142, 124), (112, 116)], "#d9503a")
    for x, y in ((86, 96), (66, 82), (100, 78), (50, 104), (78, 62)):
        pen.dot(x, y, 5, "#ffffff")
    pen.wheel(216, 240, 30)
    pen.ring(216, 240, 21, "#4c5852", 5)


def plate_compactor(pen: Pen) -> None:
    yard(pen, "#d9dfd2")
    pen.shadow(186, 276, 120)
    for x in range(0, 400, 50):
        pen.box(x + 2, 272, 46, 26, "#a8a294", 2)
    pen.line([(214, 196), (288, 92), (320, 92)], DARK, 8)
    pen.poly([(90, 246), (268, 246), (290, 232), (290, 268), (100, 268), (74, 244)], "#6d7a72")
    pen.box(120, 166, 104, 80, YELLOW, 8)
    pen.box(134, 134, 74, 38, DARK, 8)
    pen.box(140, 196, 62, 24, "#f2b900", 4)
    pen.ring(170, 152, 11, STEEL, 3)
