// What the browser adds to pages that already work without it. Each part stands alone.
import "./kept.js";
import { startTheme } from "./theme.js";
import { startClocks } from "./clocks.js";
import { startComposer } from "./composer.js";
import { startKeys } from "./keys.js";
import { startSmall } from "./small.js";
import { startConnection } from "./connection.js";
import { startPalette } from "./palette.js";
import { startSuggestions } from "./suggest.js";

startTheme();
startSmall();
startClocks();
startComposer();
startKeys();
startConnection();
startPalette();
startSuggestions();
