// Read by Playwright's Node.js before Playwright. It drives Firefox as it is, over WebDriver BiDi, but asks each browser
// for one thing that Debian's Firefox does not know yet: which colours the system prefers. Nobody here wants to set that.
const Module = require("module");

const ASKED = 'this._browser._browserSession.send("emulation.setMediaFeaturesOverride",';
const compile = Module.prototype._compile;

Module.prototype._compile = function compileWithout(source, name, ...more) {
  return compile.call(this, name.endsWith("coreBundle.js") ? source.replace(ASKED, "void (") : source, name, ...more);
};
