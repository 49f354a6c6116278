import type { Wording } from "./wording.ts";

export const spanish: Wording = {
  language: "es",
  decimalMark: ",",
  title: (count) => {
    if (count === null) return "Una grabación sin cambios claros";
    return count === 1 ? "Una ráfaga de movimiento" : `${count} ráfagas de movimiento`;
  },
  summaryOfBursts: ({ count, active, duration, strongest }) =>
    `En ${duration} segundos de vídeo la imagen cambia mucho más de lo habitual en ${count === 1 ? "un tramo" : `${count} tramos`}, ${active} segundos en total. ` +
    `El más fuerte es ${strongest}; empieza por ahí. ` +
    "Se midió cuánto cambian los fotogramas comprimidos: eso dice cuándo se mueve algo, no qué ni con qué calidad.",
  summaryOfNothing: ({ duration }) =>
    `Durante ${duration} segundos nada en los fotogramas comprimidos varía lo bastante para distinguir movimiento y reposo. No se destaca ningún momento, porque sería adivinar.`,
  summaryOfIntraOnly: ({ duration }) =>
    `En este clip de ${duration} segundos cada fotograma está guardado por separado, así que su tamaño no dice nada del movimiento. No se destaca ningún momento, porque sería adivinar.`,
  burst: ({ start, end, peak, ratio, number, count, isStrongest }) =>
    `Una ráfaga de movimiento de ${start} a ${end} segundos, con unas ${ratio} veces la actividad de las partes tranquilas. ` +
    `Su punto más activo está cerca de ${peak} segundos.` +
    (count > 1
      ? ` Es la número ${number} de ${count}${isStrongest ? " y la más fuerte" : ""}.`
      : ""),
  burstDrill: ({ start, end }) =>
    `Mira de ${start} a ${end} segundos a media velocidad, detente en el primer momento en que algo se mueva y anota qué lo inicia.`,
  stillness: ({ start, end, length }) =>
    `De ${start} a ${end} segundos apenas se mueve nada: el tramo tranquilo más largo, ${length} segundos.`,
  stillnessDrill:
    "Mira el último segundo antes de que vuelva el movimiento y decide si la pausa era intencionada.",
  cut: ({ at }) =>
    `Puede haber un corte en ${at} segundos: el codificador empezó allí una imagen nueva antes de lo previsto.`,
  recording: ({ duration, width, height, frameRate, hasSound, rotation }) =>
    `La grabación dura ${duration} segundos, ${width} por ${height} píxeles a ${frameRate} fotogramas por segundo, ${hasSound ? "con" : "sin"} pista de sonido` +
    (rotation === 0 ? "." : `, y se muestra girada ${rotation} grados.`),
  recordingDrill:
    "Graba otra vez con la cámara fija y una pausa antes y después de cada intento, para que los intentos destaquen.",
  lowFrameRate: ({ frameRate }) =>
    `La grabación tiene solo ${frameRate} fotogramas por segundo, y los movimientos rápidos caen entre dos fotogramas.`,
  lowFrameRateDrill: "Graba a 30 fotogramas por segundo o más, con buena luz.",
  smallPicture: ({ width, height }) =>
    `La imagen es pequeña, ${width} por ${height} píxeles; los detalles se verán mal.`,
  smallPictureDrill: "Graba con 720 líneas o más, o acerca la cámara.",
};
