// The moon's age from a known new moon (6 January 2000, 18:14 UTC) and the mean length of a lunation, in days.
const LUNATION = 29.530588853;
const NEW_MOON = Date.UTC(2000, 0, 6, 18, 14);
const PHASES = [
  ["🌑", "New moon"],
  ["🌒", "Waxing crescent"],
  ["🌓", "First quarter"],
  ["🌔", "Waxing gibbous"],
  ["🌕", "Full moon"],
  ["🌖", "Waning gibbous"],
  ["🌗", "Last quarter"],
  ["🌘", "Waning crescent"],
];

const age = ((Date.now() - NEW_MOON) / 86_400_000) % LUNATION;
const [symbol, name] = PHASES[Math.round((age / LUNATION) * 8) % 8];

document.querySelector("#moon").textContent = symbol;
document.querySelector("#phase").textContent = `${name}, ${Math.floor(age)} days old`;
