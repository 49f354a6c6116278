import type { Wording } from "./wording.ts";

const frames = (number: string) =>
  `${number} ${number === "1" ? "Bild pro Sekunde" : "Bilder pro Sekunde"}`;

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
    "Gemessen wurde, wie sehr sich die Bilder ändern: Das zeigt, wann sich etwas bewegt, nicht was oder wie gut.",
  summaryOfNothing: ({ duration }) =>
    `Über ${duration} bewegt sich im Bild nichts, was herausragt: Es ist überall etwa gleich bewegt oder gleich still. Kein Moment wird hervorgehoben, weil das geraten wäre.`,
  summaryOfThroughout: ({ duration }) =>
    `Über ${duration} bewegt sich im Bild immer etwas: Nichts ruht, daher ragt kein Moment heraus.`,
  summaryOfUnseen: ({ duration }) =>
    `Die Bilder dieses Clips von ${duration} lassen sich hier nicht lesen; niemand hat sie angesehen. Kein Moment wird hervorgehoben, weil das geraten wäre.`,
  summaryOfUnknownEdits: ({ duration }) =>
    `Den Schnitten in dieser Datei lässt sich nicht folgen; was wann in ihren ${duration} zu sehen ist, kann niemand sagen. Kein Moment wird hervorgehoben, weil das geraten wäre.`,
  lookedAt: ({ seen, duration }) =>
    `Der Clip ist lang: Angesehen wurden nur ${seen} von ${duration}.`,
  cannotLookFor: ({ rules }) =>
    `Gefragt war auch nach ${rules}: danach wurde nicht gesucht, weil es am Wechsel der Bilder nicht zu sehen ist.`,
  leftOut: ({ categories }) => `Wie gewünscht weggelassen: ${categories}.`,
  span: (from, to) => `${from} bis ${to}`,
  seconds: (number) => (number === "1" ? "1 Sekunde" : `${number} Sekunden`),
  burst: ({ span, ratio }) =>
    ratio === null ? `Bewegung, ${span}.` : `${span}: ${ratio} Mal so viel Bewegung.`,
  burstDrill: "Sieh genau hin.",
  stillness: ({ span }) => `Kaum Bewegung, ${span}.`,
  stillnessDrill: "War das gewollt?",
  cut: ({ at }) => `Bei ${at} könnte ein Schnitt sein.`,
  recording: ({ duration, frameRate, hasSound }) =>
    `${duration}, ${frames(frameRate)}${hasSound ? "" : ", kein Ton"}.`,
  recordingDrill: "Halte die Kamera ruhig.",
  lowFrameRate: ({ frameRate }) => `Nur ${frames(frameRate)}: Schnelles geht verloren.`,
  lowFrameRateDrill: "Nimm mit 30 oder mehr auf.",
  smallPicture: ({ pixels }) => `Nur ${pixels} Pixel breit.`,
  smallPictureDrill: "Nimm 720 oder mehr.",
};
