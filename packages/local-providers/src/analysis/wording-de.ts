import type { Wording } from "./wording.ts";

export const german: Wording = {
  language: "de",
  decimalMark: ",",
  title: (count) => {
    if (count === null) return "Eine Aufnahme ohne deutliche Wechsel";
    return count === 1 ? "Ein Bewegungsschub" : `${count} Bewegungsschübe`;
  },
  summaryOfBursts: ({ count, active, duration, strongest }) =>
    `In ${duration} Video ändert sich das Bild in ${count === 1 ? "einem Abschnitt" : `${count} Abschnitten`} viel stärker als sonst, zusammen ${active}. ` +
    `Der stärkste ist ${strongest}; fang dort an. ` +
    "Gemessen wurde, wie sehr sich die komprimierten Bilder ändern: Das zeigt, wann sich etwas bewegt, nicht was oder wie gut.",
  summaryOfNothing: ({ duration }) =>
    `Über ${duration} ändert sich in den komprimierten Bildern nichts deutlich genug, um Bewegung von Ruhe zu trennen. Kein Moment wird hervorgehoben, weil das geraten wäre.`,
  summaryOfIntraOnly: ({ duration }) =>
    `In diesem Clip von ${duration} ist fast jedes Bild einzeln gespeichert, daher sagt die Größe der Bilder nichts über Bewegung. Kein Moment wird hervorgehoben, weil das geraten wäre.`,
  summaryOfUnknownEdits: ({ duration }) =>
    `Den Schnitten in dieser Datei lässt sich nicht folgen; was wann in ihren ${duration} zu sehen ist, kann niemand sagen. Kein Moment wird hervorgehoben, weil das geraten wäre.`,
  cannotLookFor: ({ rules }) =>
    `Gefragt war auch nach ${rules}: danach wurde nicht gesucht, weil komprimierte Bilder es nicht zeigen.`,
  leftOut: ({ categories }) => `Wie gewünscht weggelassen: ${categories}.`,
  span: (from, to) => `${from} bis ${to}`,
  seconds: (number) => (number === "1" ? "1 Sekunde" : `${number} Sekunden`),
  burst: ({ span, ratio }) => `${span}: ${ratio} Mal so viel Bewegung.`,
  burstDrill: "Sieh genau hin.",
  stillness: ({ span }) => `Kaum Bewegung, ${span}.`,
  stillnessDrill: "War das gewollt?",
  cut: ({ at }) => `Bei ${at} könnte ein Schnitt sein.`,
  recording: ({ duration, frameRate, hasSound }) =>
    `${duration}, ${frameRate} Bilder pro Sekunde${hasSound ? "" : ", kein Ton"}.`,
  recordingDrill: "Halte die Kamera ruhig.",
  lowFrameRate: ({ frameRate }) => `Nur ${frameRate} Bilder pro Sekunde: Schnelles geht verloren.`,
  lowFrameRateDrill: "Nimm mit 30 oder mehr auf.",
  smallPicture: ({ pixels }) => `Nur ${pixels} Pixel breit.`,
  smallPictureDrill: "Nimm 720 oder mehr.",
};
