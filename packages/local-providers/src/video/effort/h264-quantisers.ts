import { BitReader } from "./bit-reader.ts";
import { type NalUnit, payloadOf } from "./nal-units.ts";

/** What a slice header's fields before its quantiser depend on (H.264 §7.3.2). */
interface Sequence {
  hasSeparatePlanes: boolean;
  isMonochrome: boolean;
  frameNumberBits: number;
  orderType: number;
  orderBits: number;
  hasDeltaOrder: boolean;
  framesOnly: boolean;
}

interface Picture {
  sequenceId: number;
  isCabac: boolean;
  hasBottomOrder: boolean;
  references: [number, number];
  isWeighted: boolean;
  biprediction: number;
  firstQuantiser: number;
  hasRedundant: boolean;
}

const HIGH_PROFILES = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);
const IDR = 5;

/** Reads slice quantisers of an H.264 stream, whose parameter sets it is shown as they come. */
export class H264Quantisers {
  readonly #sequences = new Map<number, Sequence>();
  readonly #pictures = new Map<number, Picture>();

  /** `QP` of a slice, 0 to 51; null for what is no slice or cannot be followed. */
  of(unit: NalUnit): number | null {
    const type = unit.bytes[unit.start] ?? 0;
    const reader = new BitReader(payloadOf(unit, 1, type % 32 === 7 || type % 32 === 8 ? 512 : 96));
    switch (type & 31) {
      case 7:
        this.#readSequence(reader);
        return null;
      case 8:
        this.#readPicture(reader);
        return null;
      case 1:
      case IDR:
        return this.#sliceQuantiser(reader, (type & 31) === IDR, (type >> 5) & 3);
      default:
        return null;
    }
  }

  #readSequence(reader: BitReader): void {
    const profile = reader.bits(8);
    reader.skip(16);
    const id = reader.golomb();
    let chroma = 1;
    let hasSeparatePlanes = false;
    if (HIGH_PROFILES.has(profile)) {
      chroma = reader.golomb();
      if (chroma === 3) hasSeparatePlanes = reader.flag();
      reader.golomb();
      reader.golomb();
      reader.skip(1);
      if (reader.flag()) skipScalingLists(reader, chroma === 3 ? 12 : 8);
    }
    const frameNumberBits = reader.golomb() + 4;
    const orderType = reader.golomb();
    let orderBits = 0;
    let hasDeltaOrder = false;
    if (orderType === 0) orderBits = reader.golomb() + 4;
    if (orderType === 1) {
      hasDeltaOrder = !reader.flag();
      reader.golomb();
      reader.golomb();
      const cycle = Math.min(255, reader.golomb());
      for (let index = 0; index < cycle; index++) reader.golomb();
    }
    reader.golomb();
    reader.skip(1);
    reader.golomb();
    reader.golomb();
    const framesOnly = reader.flag();
    if (reader.isPastEnd) return;
    this.#sequences.set(id, {
      hasSeparatePlanes,
      isMonochrome: chroma === 0 || hasSeparatePlanes,
      frameNumberBits,
      orderType,
      orderBits,
      hasDeltaOrder,
      framesOnly,
    });
  }

  #readPicture(reader: BitReader): void {
    const id = reader.golomb();
    const sequenceId = reader.golomb();
    const isCabac = reader.flag();
    const hasBottomOrder = reader.flag();
    // Slice groups are of the Extended profile, which no camera writes.
    if (reader.golomb() > 0) return;
    const references: [number, number] = [reader.golomb() + 1, reader.golomb() + 1];
    const isWeighted = reader.flag();
    const biprediction = reader.bits(2);
    const firstQuantiser = 26 + reader.signedGolomb();
    reader.signedGolomb();
    reader.signedGolomb();
    reader.skip(2);
    const hasRedundant = reader.flag();
    if (reader.isPastEnd) return;
    this.#pictures.set(id, {
      sequenceId,
      isCabac,
      hasBottomOrder,
      references,
      isWeighted,
      biprediction,
      firstQuantiser,
      hasRedundant,
    });
  }

  #sliceQuantiser(reader: BitReader, isIdr: boolean, importance: number): number | null {
    reader.golomb();
    const type = reader.golomb() % 5;
    const picture = this.#pictures.get(reader.golomb());
    const sequence = picture && this.#sequences.get(picture.sequenceId);
    if (picture === undefined || sequence === undefined) return null;
    if (sequence.hasSeparatePlanes) reader.skip(2);
    reader.skip(sequence.frameNumberBits);
    const isField = !sequence.framesOnly && reader.flag();
    if (isField) reader.skip(1);
    if (isIdr) reader.golomb();
    if (sequence.orderType === 0) {
      reader.skip(sequence.orderBits);
      if (picture.hasBottomOrder && !isField) reader.golomb();
    }
    if (sequence.orderType === 1 && sequence.hasDeltaOrder) {
      reader.golomb();
      if (picture.hasBottomOrder && !isField) reader.golomb();
    }
    if (picture.hasRedundant) reader.golomb();
    const isB = type === 1;
    const isIntra = type === 2 || type === 4;
    if (isB) reader.skip(1);
    const references = [...picture.references];
    if (!isIntra && reader.flag()) {
      references[0] = reader.golomb() + 1;
      if (isB) references[1] = reader.golomb() + 1;
    }
    for (let list = 0; list < (isIntra ? 0 : isB ? 2 : 1); list++) skipReordering(reader);
    const isP = !isB && !isIntra;
    if ((picture.isWeighted && isP) || (picture.biprediction === 1 && isB))
      skipWeights(reader, references.slice(0, isB ? 2 : 1), sequence.isMonochrome);
    if (importance > 0) skipMarking(reader, isIdr);
    if (picture.isCabac && !isIntra) reader.golomb();
    const quantiser = picture.firstQuantiser + reader.signedGolomb();
    return reader.isPastEnd || quantiser < -36 || quantiser > 51 ? null : Math.max(0, quantiser);
  }
}

function skipScalingLists(reader: BitReader, lists: number): void {
  for (let list = 0; list < lists; list++) {
    if (!reader.flag()) continue;
    let next = 8;
    for (let index = 0; index < (list < 6 ? 16 : 64) && next !== 0; index++)
      next = (next + reader.signedGolomb() + 256) % 256;
  }
}

function skipReordering(reader: BitReader): void {
  if (!reader.flag()) return;
  while (!reader.isPastEnd && reader.golomb() !== 3) reader.golomb();
}

function skipWeights(reader: BitReader, lists: number[], isMonochrome: boolean): void {
  reader.golomb();
  if (!isMonochrome) reader.golomb();
  for (const references of lists) {
    for (let index = 0; index < Math.min(32, references); index++) {
      if (reader.flag()) for (let value = 0; value < 2; value++) reader.golomb();
      if (!isMonochrome && reader.flag()) for (let value = 0; value < 4; value++) reader.golomb();
    }
  }
}

function skipMarking(reader: BitReader, isIdr: boolean): void {
  if (isIdr) reader.skip(2);
  if (isIdr || !reader.flag()) return;
  for (let operation = -1; !reader.isPastEnd && operation !== 0; ) {
    operation = reader.golomb();
    if (operation === 1 || operation === 2 || operation === 4 || operation === 6) reader.golomb();
    if (operation === 3) for (let value = 0; value < 2; value++) reader.golomb();
  }
}
