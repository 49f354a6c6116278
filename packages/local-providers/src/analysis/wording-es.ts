import type { Wording } from "./wording.ts";

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
    "Se midió cuánto cambian los fotogramas comprimidos: eso dice cuándo se mueve algo, no qué ni con qué calidad.",
  summaryOfNothing: ({ duration }) =>
    `Durante ${duration} nada en los fotogramas comprimidos varía lo bastante para distinguir movimiento y reposo. No se destaca ningún momento, porque sería adivinar.`,
  summaryOfIntraOnly: ({ duration }) =>
    `En este clip de ${duration} casi cada fotograma está guardado por separado, así que su tamaño no dice nada del movimiento. No se destaca ningún momento, porque sería adivinar.`,
  summaryOfUnknownEdits: ({ duration }) =>
    `No se pueden seguir los cortes de este archivo: nadie sabe qué se ve y cuándo en sus ${duration}. No se destaca ningún momento, porque sería adivinar.`,
  cannotLookFor: ({ rules }) =>
    `También se pedía ${rules}: no se ha buscado, porque los fotogramas comprimidos no lo muestran.`,
  leftOut: ({ categories }) => `Omitido, como se pedía: ${categories}.`,
  span: (from, to) => `${from} a ${to}`,
  seconds: (number) => (number === "1" ? "1 segundo" : `${number} segundos`),
  burst: ({ span, ratio }) => `Movimiento, ${span}: ${ratio} veces el reposo.`,
  burstDrill: "Míralo despacio.",
  stillness: ({ span }) => `Casi sin movimiento, ${span}.`,
  stillnessDrill: "¿Era la intención?",
  cut: ({ at }) => `Puede haber un corte en ${at}.`,
  recording: ({ duration, frameRate, hasSound }) =>
    `${duration}, ${frameRate} imágenes por segundo${hasSound ? "" : ", sin sonido"}.`,
  recordingDrill: "Fija la cámara.",
  lowFrameRate: ({ frameRate }) => `Solo ${frameRate} imágenes por segundo: lo rápido se pierde.`,
  lowFrameRateDrill: "Graba a 30 o más.",
  smallPicture: ({ pixels }) => `Solo ${pixels} píxeles de ancho.`,
  smallPictureDrill: "Graba con 720 o más.",
};
