import { describe, expect, test } from "vitest";
import { frameOf } from "./frame.ts";
import { boxOf, placePicture } from "./place.ts";

const portrait = { width: 90, height: 160 };
const landscape = { x: 0, y: 0, width: 320, height: 180 };

describe("a portrait picture in a landscape box", () => {
  test.each([
    ["contain", "video", { x: 110, y: 0, width: 101, height: 180 }],
    ["auto", "video", { x: 110, y: 0, width: 101, height: 180 }],
    ["cover", "video", { x: 0, y: -194, width: 320, height: 569 }],
    ["fill", "video", landscape],
    ["stretch", "image", landscape],
    ["auto", "overlay", landscape],
  ] as const)("%s of a %s", (fit, type, place) => {
    expect(placePicture(portrait, landscape, fit, type)).toEqual(place);
  });
});

test("a box without a size reaches to the edges, or is its picture's own", () => {
  const corner = { x: 300, y: 10.4, width: null, height: null };

  expect(boxOf(corner, landscape)).toEqual({ x: 300, y: 10, width: 20, height: 170 });
  expect(boxOf(corner, landscape, portrait)).toEqual({ x: 300, y: 10, ...portrait });
});

test.each([
  ["the clip's own shape", { shape: "source", size: 720 } as const, { width: 720, height: 1278 }],
  ["the shape asked for", { shape: "landscape", size: 720 } as const, { width: 1280, height: 720 }],
])("the frame has %s", (_, options, frame) => {
  const render = { width: 1280, height: 720, options };

  expect(frameOf(render, { width: 1080, height: 1916 })).toEqual(frame);
});
