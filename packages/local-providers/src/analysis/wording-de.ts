import type { Wording } from "./wording.ts";

export const german: Wording = {
  language: "de",
  decimalMark: ",",
  title: (count) => {
    if (count === null) return "Eine Aufnahme ohne deutliche Wechsel";
    return count === 1 ? "Ein Bewegungsschub" : `${count} Bewegungsschübe`;
  },
  summaryOfBursts: ({ count, active, duration, strongest }) =>
    `In ${duration} Sekunden Video ändert sich das Bild in ${count === 1 ? "einem Abschnitt" : `${count} Abschnitten`} viel stärker als sonst, zusammen ${active} Sekunden. ` +
    `Der stärkste ist ${strongest}; fang dort an. ` +
    "Gemessen wurde, wie sehr sich die komprimierten Bilder ändern: Das zeigt, wann sich etwas bewegt, nicht was oder wie gut.",
  summaryOfNothing: ({ duration }) =>
    `Über ${duration} Sekunden ändert sich in den komprimierten Bildern nichts deutlich genug, um Bewegung von Ruhe zu trennen. Kein Moment wird hervorgehoben, weil das geraten wäre.`,
  summaryOfIntraOnly: ({ duration }) =>
    `In diesem Clip von ${duration} Sekunden ist jedes Bild einzeln gespeichert, daher sagt die Größe der Bilder nichts über Bewegung. Kein Moment wird hervorgehoben, weil das geraten wäre.`,
  burst: ({ start, end, peak, ratio, number, count, isStrongest }) =>
    `Ein Bewegungsschub von ${start} bis ${end} Sekunden, etwa ${ratio} Mal so viel Aktivität wie in den ruhigen Teilen. ` +
    `Am meisten geschieht bei ${peak} Sekunden.` +
    (count > 1
      ? ` Das ist Nummer ${number} von ${count}${isStrongest ? " und der stärkste" : ""}.`
      : ""),
  burstDrill: ({ start, end }) =>
    `Sieh dir ${start} bis ${end} Sekunden mit halber Geschwindigkeit an, halte beim ersten Moment an, in dem sich etwas bewegt, und notiere, was den Anfang macht.`,
  stillness: ({ start, end, length }) =>
    `Von ${start} bis ${end} Sekunden bewegt sich kaum etwas: der längste ruhige Abschnitt, ${length} Sekunden.`,
  stillnessDrill:
    "Sieh dir die letzte Sekunde an, bevor die Bewegung wieder beginnt, und entscheide, ob die Pause gewollt war.",
  cut: ({ at }) =>
    `Bei ${at} Sekunden könnte ein Schnitt sein: Der Encoder hat dort vorzeitig ein neues Bild begonnen.`,
  recording: ({ duration, width, height, frameRate, hasSound, rotation }) =>
    `Die Aufnahme ist ${duration} Sekunden lang, ${width} mal ${height} Pixel bei ${frameRate} Bildern pro Sekunde, ${hasSound ? "mit" : "ohne"} Tonspur` +
    (rotation === 0 ? "." : `, und wird um ${rotation} Grad gedreht gezeigt.`),
  recordingDrill:
    "Nimm noch einmal auf, mit fester Kamera und einer Pause vor und nach jedem Versuch, damit sich die Versuche abheben.",
  lowFrameRate: ({ frameRate }) =>
    `Die Aufnahme hat nur ${frameRate} Bilder pro Sekunde; schnelle Bewegungen fallen zwischen zwei Bilder.`,
  lowFrameRateDrill: "Nimm mit 30 oder mehr Bildern pro Sekunde und bei gutem Licht auf.",
  smallPicture: ({ width, height }) =>
    `Das Bild ist klein, ${width} mal ${height} Pixel; Einzelheiten sind schwer zu erkennen.`,
  smallPictureDrill: "Nimm mit 720 oder mehr Zeilen auf oder geh mit der Kamera näher heran.",
};
