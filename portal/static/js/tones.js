// Three tones, made by the browser itself. It lets a page sound once somebody has pressed something on it.

const TONES = [[0, 880], [0.2, 1175], [0.4, 880]]; // seconds, hertz
export const able = Boolean(window.AudioContext);
let sounds = null;

export const awake = () => sounds?.state === "running";

/** Ask the browser to let it sound; `changed` is called whenever it changes its mind. */
export async function wake(changed) {
  sounds ??= Object.assign(new AudioContext(), { onstatechange: changed });
  if (!awake()) await Promise.race([sounds.resume(), new Promise((resume) => setTimeout(resume, 500))]);
}

export function play() {
  for (const [after, frequency] of TONES) {
    const [tone, loudness] = [new OscillatorNode(sounds, { frequency }), new GainNode(sounds, { gain: 0 })];
    const begin = sounds.currentTime + after;
    loudness.gain.setTargetAtTime(0.3, begin, 0.01);
    loudness.gain.setTargetAtTime(0, begin + 0.12, 0.03);
    tone.connect(loudness).connect(sounds.destination);
    tone.start(begin);
    tone.stop(begin + 0.4);
  }
}
