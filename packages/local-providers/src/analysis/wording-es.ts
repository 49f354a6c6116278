import type { Wording } from "./wording.ts";

const frames = (number: string) =>
  `${number} ${number === "1" ? "imagen por segundo" : "imágenes por segundo"}`;

export const spanish: Wording = {
  language: "es",
  decimalMark: ",",
  title: (count) => {
    if (count === null) return "Una grabación sin cambios claros";
    return count === 1 ? "Una ráfaga de movimiento" : `${count} ráfagas de movimiento`;
  },
  summaryOfBursts: ({ count, active, duration, strongest }) =>
    `En ${duration} de vídeo la imagen cambia mucho más de lo habitual en ${count === 1 ? "un tramo" : `${count} tramos`}, ${active} en total. ` +
    `El más fuerte es ${strongest}; empieza por ahí. ` +
    "Se midió cuánto cambia la imagen: eso dice cuándo se mueve algo, no qué ni con qué calidad.",
  summaryOfNothing: ({ duration }) =>
    `Durante ${duration} nada se mueve en la imagen de modo que destaque: está más o menos igual de agitada, o de quieta, en todo momento. No se destaca ningún momento, porque sería adivinar.`,
  summaryOfThroughout: ({ duration }) =>
    `Algo se mueve en la imagen durante ${duration}: nunca reposa, así que ningún momento destaca.`,
  summaryOfUnseen: ({ duration }) =>
    `Las imágenes de este clip de ${duration} no se pueden leer aquí, así que nadie las ha mirado. No se destaca ningún momento, porque sería adivinar.`,
  summaryOfUnknownEdits: ({ duration }) =>
    `No se pueden seguir los cortes de este archivo: nadie sabe qué se ve y cuándo en sus ${duration}. No se destaca ningún momento, porque sería adivinar.`,
  lookedAt: ({ seen, duration }) => `El clip es largo: solo se miraron ${seen} de ${duration}.`,
  cannotLookFor: ({ rules }) =>
    `También se pedía ${rules}: no se ha buscado, porque los cambios de la imagen no lo muestran.`,
  leftOut: ({ categories }) => `Omitido, como se pedía: ${categories}.`,
  span: (from, to) => `${from} a ${to}`,
  seconds: (number) => (number === "1" ? "1 segundo" : `${number} segundos`),
  burst: ({ span, ratio }) =>
    `Movimiento, ${span}${ratio === null ? "" : `: ${ratio} veces el reposo`}.`,
  burstDrill: "Míralo despacio.",
  stillness: ({ span }) => `Casi sin movimiento, ${span}.`,
  stillnessDrill: "¿Era la intención?",
  cut: ({ at }) => `Puede haber un corte en ${at}.`,
  recording: ({ duration, frameRate, hasSound }) =>
    `${duration}, ${frames(frameRate)}${hasSound ? "" : ", sin sonido"}.`,
  recordingDrill: "Fija la cámara.",
  lowFrameRate: ({ frameRate }) => `Solo ${frames(frameRate)}: lo rápido se pierde.`,
  lowFrameRateDrill: "Graba a 30 o más.",
  smallPicture: ({ pixels }) => `Solo ${pixels} píxeles de ancho.`,
  smallPictureDrill: "Graba con 720 o más.",
};
