// Chooses light or dark before the first paint: runs in <head>, not deferred.
import { preferredTheme } from "./theme-choice.js";

document.documentElement.dataset.bsTheme = preferredTheme();
