import { Buffer } from 'node:buffer';
import { HttpContent } from '@sluice/codec-http';
import { kindOf } from '../message/kind-of.ts';

/** What a transform gives: a piece as filters know it, or bytes alone. */
export type BodyPiece = HttpContent | Uint8Array;

/** A piece as filters know it. Throws a TypeError for anything that is none. */
export function contentOf(piece: BodyPiece): HttpContent {
  if (piece instanceof HttpContent) return piece;
  if (Buffer.isBuffer(piece)) return new HttpContent(piece);
  if (piece instanceof Uint8Array) {
    return new HttpContent(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength));
  }
  throw new TypeError(`Expected an HttpContent or bytes from transformBody, found ${kindOf(piece)}.`);
}
