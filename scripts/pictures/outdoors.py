"""On the road, on the water, under canvas."""

from pictures.pen import Pen, slab, turned
from pictures.scene import garden, lake, snow, yard

INK, STEEL, DARK, YELLOW, BLUE, RED, GREEN = "#16251d", "#b8c2bc", "#3b4741", "#ffcc1f", "#0f4c8a", "#a32e1d", "#2a663b"
WOOD = "#a9825a"


def cargo_bike(pen: Pen) -> None:
    yard(pen, "#ead9c0")
    pen.shadow(196, 278, 150)
    pen.wheel(330, 244, 36, spokes=12)
    pen.wheel(72, 252, 27, spokes=10)
    pen.line([(330, 244), (290, 244), (254, 190), (288, 150)], BLUE, 7)
    pen.line([(254, 190), (330, 244)], BLUE, 6)
    pen.line([(290, 244), (288, 150)], BLUE, 6)
    pen.line([(254, 192), (226, 244), (100, 246), (72, 252)], BLUE, 7)
    pen.poly([(92, 152), (226, 152), (212, 236), (108, 236)], "#c49a6c")
    pen.poly([(92, 152), (226, 152), (223, 168), (95, 168)], WOOD)
    pen.dot(132, 144, 13, RED)
    pen.dot(164, 140, 15, GREEN)
    pen.box(182, 122, 26, 34, "#f3d9a0", 3)
    pen.line([(254, 190), (244, 132), (222, 124)], DARK, 5)
    pen.box(270, 140, 40, 11, INK, 5)
    pen.ring(290, 244, 10, DARK, 4)


def child_bike(pen: Pen) -> None:
    garden(pen)
    pen.shadow(200, 278, 120)
    pen.wheel(126, 234, 42, spokes=10)
    pen.wheel(278, 234, 42, spokes=10)
    pen.line([(126, 234), (160, 160), (240, 160), (198, 234), (126, 234)], RED, 8)
    pen.line([(198, 234), (160, 160)], RED, 7)
    pen.line([(278, 234), (242, 138), (216, 128)], RED, 7)
    pen.bar((156, 152), (150, 136), STEEL, 5)
    pen.box(130, 126, 44, 12, INK, 6)
    pen.bar((214, 128), (204, 134), YELLOW, 9)
    pen.ring(198, 234, 12, DARK, 5)
    pen.line([(256, 150), (292, 138)], STEEL, 3)
    pen.dot(296, 136, 7, YELLOW)
    pen.bar((112, 214), (60, 100), "#e9efe9", 2)
    pen.poly([(60, 100), (98, 108), (70, 126)], YELLOW)


def trailer(pen: Pen) -> None:
    yard(pen, "#dfe3da")
    pen.shadow(196, 276, 150)
    pen.poly([(96, 128), (316, 128), (304, 96), (108, 96)], "#3f5f86")
    pen.poly([(108, 96), (304, 96), (300, 84), (112, 84)], "#57799f")
    pen.box(92, 126, 228, 82, "#b8c2bc", 4)
    pen.box(92, 126, 228, 9, "#e0e6e2", 4)
    for x in range(114, 316, 26):
        pen.bar((x, 140), (x, 204), "#9aa69e", 2)
    pen.bar((92, 210), (22, 226), DARK, 9)
    pen.bar((40, 222), (40, 268), DARK, 6)
    pen.dot(40, 270, 8, INK)
    pen.box(180, 196, 78, 16, DARK, 6)
    pen.wheel(219, 238, 36)
    pen.ring(219, 238, 20, STEEL, 7)
    pen.box(304, 186, 16, 18, RED, 2)
    for x in (136, 206, 276):
        pen.bar((x, 86), (x, 130), YELLOW, 3)


def tent(pen: Pen) -> None:
    garden(pen, "#f4dcc0")
    pen.shadow(200, 272, 150)
    pen.poly([(200, 84), (352, 262), (48, 262)], "#2f7a5b")
    pen.poly([(200, 84), (352, 262), (268, 262)], "#235f46")
    pen.poly([(200, 108), (254, 262), (146, 262)], INK)
    pen.poly([(200, 108), (160, 262), (146, 262)], "#f3d9a0")
    pen.poly([(200, 108), (240, 262), (254, 262)], "#f3d9a0")
    pen.bar((200, 84), (200, 70), WOOD, 4)
    pen.poly([(200, 68), (230, 75), (200, 83)], YELLOW)
    pen.bar((74, 230), (22, 280), "#fffaf0", 1.6)
    pen.bar((326, 230), (378, 280), "#fffaf0", 1.6)


def kayak(pen: Pen) -> None:
    lake(pen)
    pen.oval(206, 250, 150, 12, "#16251d22")
    pen.poly([(34, 196), (120, 176), (290, 174), (372, 192), (292, 226), (120, 228)], "#e4572e")
    pen.poly([(34, 196), (120, 214), (292, 212), (372, 192), (292, 226), (120, 228)], "#b83f1c")
    for x in (146, 240):
        pen.oval(x, 193, 30, 11, INK)
        pen.oval(x + 4, 191, 22, 7, DARK)
    pen.bar((96, 110), (318, 262), "#e9c46a", 5)
    pen.poly(turned(slab(78, 92, 36, 20), 34, (96, 102)), BLUE)
    pen.poly(turned(slab(300, 256, 36, 20), 34, (318, 266)), BLUE)


def sup_board(pen: Pen) -> None:
    lake(pen)
    pen.shadow(196, 284, 70, 8)
    pen.poly([(150, 276), (146, 110), (176, 34), (206, 110), (202, 276)], "#2aa6a1")
    pen.oval(176, 112, 30, 78, "#2aa6a1")
    pen.oval(176, 234, 27, 48, "#2aa6a1")
    pen.poly([(160, 140), (192, 140), (194, 250), (158, 250)], "#f7faf5")
    for y in (156, 174, 192, 210, 228):
        pen.bar((164, y), (188, y), "#cfd8cc", 2)
    pen.oval(176, 78, 12, 20, YELLOW)
    pen.bar((262, 282), (240, 60), "#e9efe9", 6)
    pen.oval(264, 262, 17, 30, RED)
    pen.bar((228, 58), (252, 56), DARK, 7)


def sledge(pen: Pen) -> None:
    snow(pen)
    pen.shadow(206, 276, 130, 8)
    for y, colour in ((262, "#8a5a2e"), (244, WOOD)):
        pen.line([(96, y), (296, y), (330, y - 20), (336, y - 48)], colour, 8)
    for x in (130, 200, 270):
        pen.bar((x, 262), (x, 202), WOOD, 7)
    for y in (186, 198, 210):
        pen.poly([(96, y), (306, y), (312, y + 8), (90, y + 8)], "#d18b46")
    pen.line([(336, 208), (366, 236), (350, 268), (386, 280)], RED, 3)


def roof_box(pen: Pen) -> None:
    yard(pen, "#dde2e6")
    pen.shadow(200, 282, 160)
    pen.poly([(40, 214), (74, 206), (112, 158), (278, 158), (322, 206), (366, 214), (370, 256), (36, 256)], GREEN)
    pen.poly([(86, 206), (120, 168), (188, 168), (188, 206)], "#cfe4ea")
    pen.poly([(198, 168), (272, 168), (306, 206), (198, 206)], "#cfe4ea")
    pen.wheel(106, 254, 26)
    pen.wheel(298, 254, 26)
    for x in (136, 250):
        pen.bar((x, 158), (x, 146), DARK, 7)
    pen.poly([(84, 144), (112, 104), (290, 104), (316, 144)], INK)
    pen.poly([(92, 132), (112, 104), (290, 104), (308, 132)], DARK)
    pen.box(178, 134, 40, 6, STEEL, 3)
    pen.box(356, 218, 12, 12, YELLOW, 3)
