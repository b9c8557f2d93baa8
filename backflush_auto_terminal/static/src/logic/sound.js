/** Tones for those who look at the work and not at the screen. */

import {DUPLICATE, RIGHT, WRONG} from "./scan";

// Hertz, one after the other: up is right, low is wrong, twice the same is there already.
const TONES = {
  [RIGHT]: [880, 1320],
  [WRONG]: [220, 165],
  [DUPLICATE]: [520, 520],
};
const LENGTH = 0.12;
const LOUDNESS = 0.2;

export class Sound {
  /** @param {Function} isMuted */
  constructor(isMuted) {
    this.isMuted = isMuted;
    this.context = null;
  }

  /** @param {string} sign `RIGHT`, `WRONG` or `DUPLICATE` */
  play(sign) {
    const AudioContext = window.AudioContext || window.webkitAudioContext;
    if (this.isMuted() || !AudioContext) {
      return;
    }
    this.context = this.context || new AudioContext();
    this.context.resume();
    TONES[sign].forEach((frequency, index) => this.playTone(frequency, index));
  }

  playTone(frequency, index) {
    const start = this.context.currentTime + index * LENGTH;
    const oscillator = this.context.createOscillator();
    const gain = this.context.createGain();
    oscillator.frequency.value = frequency;
    gain.gain.setValueAtTime(LOUDNESS, start);
    gain.gain.exponentialRampToValueAtTime(0.001, start + LENGTH);
    oscillator.connect(gain).connect(this.context.destination);
    oscillator.start(start);
    oscillator.stop(start + LENGTH);
  }
}
