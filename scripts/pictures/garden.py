"""What gardens need, and feasts in them."""

from pictures.pen import Pen
from pictures.scene import garden, night, yard

INK, STEEL, DARK, YELLOW, BLUE, RED, GREEN = "#16251d", "#b8c2bc", "#3b4741", "#ffcc1f", "#0f4c8a", "#a32e1d", "#2a663b"
WOOD, PALE = "#a9825a", "#d9b98a"


def shredder(pen: Pen) -> None:
    garden(pen)
    pen.shadow(196, 272, 96)
    for x in (196, 214, 232):
        pen.line([(x, 98), (x + 18, 40), (x + 10, 20)], "#6f5436", 4)
        pen.dot(x + 14, 30, 9, "#5e8f5c")
    pen.poly([(150, 84), (250, 84), (232, 142), (168, 142)], GREEN)
    pen.box(158, 140, 84, 58, DARK, 10)
    pen.box(172, 154, 56, 20, YELLOW, 4)
    pen.poly([(170, 196), (230, 196), (244, 262), (156, 262)], "#51605a")
    pen.wheel(156, 258, 19)
    pen.wheel(244, 258, 19)
    for x, y in ((286, 262), (300, 270), (274, 272), (312, 262), (292, 254)):
        pen.oval(x, y, 12, 6, PALE)


def pole_saw(pen: Pen) -> None:
    garden(pen, "#dbe8ee")
    pen.box(296, 60, 30, 160, "#7b5b43", 6)
    pen.dot(310, 54, 62, "#4f8050")
    pen.dot(270, 86, 34, "#5e8f5c")
    pen.bar((300, 150), (216, 116), "#7b5b43", 13)
    pen.shadow(120, 278, 60)
    pen.bar((70, 276), (226, 106), YELLOW, 9)
    pen.bar((70, 276), (116, 226), INK, 13)
    pen.poly([(206, 112), (232, 134), (248, 118), (224, 96)], DARK)
    pen.poly([(230, 112), (284, 62), (292, 72), (242, 124)], STEEL)


def scarifier(pen: Pen) -> None:
    garden(pen)
    pen.shadow(180, 268, 110)
    pen.line([(230, 208), (322, 104), (350, 104)], DARK, 7)
    pen.poly([(92, 196), (234, 190), (252, 248), (82, 248)], RED)
    pen.box(126, 158, 84, 44, INK, 12)
    pen.box(142, 168, 52, 12, YELLOW, 4)
    pen.wheel(108, 250, 20)
    pen.wheel(232, 250, 20)
    pen.line([(150, 160), (120, 120), (60, 130), (10, 112)], "#e58a1f", 4)
    for x in range(250, 340, 13):
        pen.line([(x, 276), (x + 4, 262)], "#b9a24e", 3)


def scythe(pen: Pen) -> None:
    garden(pen, "#f3e3c3")
    for x in range(8, 400, 17):
        pen.line([(x, 300), (x + (x % 5) * 2 - 4, 218 - (x * 7) % 26)], "#c9a83e", 3)
        pen.oval(x + (x % 5) * 2 - 4, 214 - (x * 7) % 26, 3, 8, "#dfc15c")
    pen.line([(284, 284), (232, 160), (176, 52)], WOOD, 9)
    pen.bar((232, 160), (262, 146), WOOD, 8)
    pen.bar((204, 104), (232, 88), WOOD, 8)
    pen.poly([(172, 44), (96, 58), (40, 112), (104, 78), (180, 66)], STEEL)
    pen.line([(172, 46), (98, 60), (44, 108)], "#738277", 3)


def gazebo(pen: Pen) -> None:
    garden(pen)
    pen.shadow(200, 270, 150, 10)
    for x in (92, 308):
        pen.bar((x, 122), (x, 268), "#e9efe9", 7)
    for x in (136, 264):
        pen.bar((x, 116), (x, 242), "#cfd8cc", 5)
    pen.poly([(200, 30), (332, 106), (68, 106)], "#fffaf0")
    pen.poly([(200, 30), (244, 106), (156, 106)], RED)
    for step in range(8):
        pen.dot(84.5 + step * 33, 108, 16.5, "#fffaf0" if step % 2 else RED)
    pen.box(150, 206, 100, 8, WOOD, 2)
    pen.bar((164, 212), (158, 254), WOOD, 6)
    pen.bar((236, 212), (242, 254), WOOD, 6)


def beer_benches(pen: Pen) -> None:
    garden(pen, "#dceaf0")
    for x in range(0, 401, 40):
        pen.line([(x, 40 + (x % 80) / 8), (x + 40, 40 + ((x + 40) % 80) / 8)], DARK, 1.5)
        pen.dot(x + 20, 50, 6, "#ffe08a")
    pen.shadow(200, 276, 150)
    pen.poly([(78, 156), (322, 156), (344, 176), (56, 176)], "#e0a546")
    pen.box(56, 176, 288, 8, "#b97f2c")
    for x in (100, 300):
        pen.bar((x - 14, 184), (x + 14, 262), GREEN, 6)
        pen.bar((x + 14, 184), (x - 14, 262), GREEN, 6)
    pen.poly([(56, 214), (344, 214), (360, 228), (40, 228)], "#e0a546")
    pen.box(40, 228, 320, 7, "#b97f2c")
    for x in (78, 322):
        pen.bar((x, 234), (x, 274), GREEN, 6)
    for x in (140, 214):
        pen.box(x, 122, 22, 36, "#f2b900", 3)
        pen.box(x - 1, 114, 24, 13, "#ffffff", 6)
        pen.ring(x + 26, 141, 9, "#f2b900", 4)


def fire_bowl(pen: Pen) -> None:
    night(pen)
    for r, colour in ((120, "#ffb02018"), (90, "#ffb02022"), (60, "#ffb02033")):
        pen.dot(200, 186, r, colour)
    for points, colour in (
        ([(146, 200), (168, 130), (184, 166), (204, 92), (226, 160), (244, 126), (256, 200)], "#e4572e"),
        ([(164, 202), (182, 156), (196, 176), (208, 126), (222, 178), (232, 160), (240, 202)], "#ff9f1c"),
        ([(182, 204), (194, 178), (206, 160), (214, 188), (222, 204)], "#ffe08a"),
    ):
        pen.poly(points, colour)
    pen.bar((142, 200), (250, 182), "#5d4030", 11)
    pen.bar((150, 184), (258, 202), "#74513c", 11)
    pen.poly([(112, 200), (288, 200), (254, 244), (146, 244)], "#2b2f2d")
    pen.box(106, 194, 188, 11, "#434a46", 5)
    for x in (150, 250):
        pen.bar((x, 240), (x - (14 if x < 200 else -14), 276), "#2b2f2d", 8)


def wheelbarrow(pen: Pen) -> None:
    yard(pen, "#e7d5b5")
    pen.shadow(190, 276, 130)
    pen.oval(196, 150, 82, 30, "#5d4030")
    pen.oval(170, 142, 40, 22, "#74513c")
    pen.bar((222, 142), (244, 66), WOOD, 6)
    pen.poly([(106, 148), (296, 148), (254, 218), (150, 218)], GREEN)
    pen.box(100, 142, 202, 10, "#3d8552", 4)
    pen.line([(112, 238), (250, 222), (352, 170)], DARK, 8)
    pen.bar((236, 222), (254, 272), DARK, 7)
    pen.bar((318, 188), (356, 168), RED, 11)
    pen.wheel(116, 248, 28, spokes=6)


def cider_press(pen: Pen) -> None:
    garden(pen, "#e9e6cf")
    pen.shadow(190, 276, 96)
    pen.bar((190, 60), (190, 130), STEEL, 10)
    pen.bar((128, 66), (252, 66), DARK, 9)
    pen.box(144, 104, 92, 16, "#7b5b43", 3)
    for x in range(138, 238, 15):
        pen.box(x, 120, 11, 112, PALE, 2)
    for y in (140, 206):
        pen.box(134, y, 112, 8, DARK, 2)
    pen.box(118, 230, 144, 16, "#7b5b43", 4)
    pen.bar((132, 246), (124, 276), "#7b5b43", 9)
    pen.bar((248, 246), (256, 276), "#7b5b43", 9)
    pen.box(260, 234, 22, 7, "#7b5b43")
    pen.box(276, 246, 34, 30, "#e58a1f", 4)
    for x, y, colour in (
        (322, 268, RED),
        (344, 270, "#7fa650"),
        (334, 250, "#c4432f"),
        (76, 268, "#c4432f"),
        (96, 272, RED),
    ):
        pen.dot(x, y, 12, colour)
        pen.bar((x, y - 11), (x + 3, y - 17), "#5d4030", 2)
