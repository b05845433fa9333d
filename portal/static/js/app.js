import "./behaviours/busy.js";
import "./behaviours/catch-up.js";
import "./behaviours/copy-text.js";
import "./behaviours/countdown.js";
import "./behaviours/live.js";
import "./behaviours/offline.js";
import "./behaviours/photo-picker.js";
import "./behaviours/print-page.js";
