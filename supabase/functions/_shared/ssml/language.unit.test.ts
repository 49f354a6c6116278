import { expect, test } from "vitest";
import { canRead } from "./language.ts";

const english = "Bend your knees.";
const japanese = "膝をもっと曲げてください。";
const arabic = "اثنِ ركبتيك أكثر";
const hindi = "अपने घुटनों को और मोड़ें";
const russian = "Согните колени сильнее";
const korean = "무릎을 더 굽히세요";
const chinese = "膝盖再弯一些";

test.each([
  ["en-US", english],
  ["de-DE", "Beuge die Knie, süß und groß."],
  ["ja-JP", japanese],
  ["ja-JP", english],
  ["ar-XA", arabic],
  ["hi-IN", hindi],
  ["ru-RU", russian],
  ["uk-UA", russian],
  ["ko-KR", korean],
  ["cmn-CN", chinese],
  ["en-US", `${english} ${english} ${english} 膝。`],
  ["en-US", "12:30 !"],
  ["not a tag", english],
])("a voice of %s reads %j", (language, text) => {
  expect(canRead(language, text)).toBe(true);
});

test.each([
  ["en-US", japanese],
  ["en-US", arabic],
  ["en-US", hindi],
  ["de-DE", russian],
  ["ja-JP", korean],
  ["ru-RU", chinese],
  ["not a tag", russian],
])("a voice of %s does not read %j", (language, text) => {
  expect(canRead(language, text)).toBe(false);
});
