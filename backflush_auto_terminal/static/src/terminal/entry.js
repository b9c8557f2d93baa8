import {
  BACK,
  CLEAR,
  POINT,
  press,
  readQuantity,
  writeQuantity,
} from "../logic/quantity";
import {
  Component,
  EventBus,
  onMounted,
  onWillStart,
  useEffect,
  useRef,
  useState,
} from "@odoo/owl";
import {WRONG, isTyped} from "../logic/scan";
import {
  describeAll,
  describeDamage,
  describeMissing,
  describePreview,
  formatQuantity,
  getAdvice,
} from "./texts";
import {
  findMissing,
  findRest,
  makeEntry,
  makePreviewValues,
  makeReport,
} from "../logic/report";
import {useBus, useService} from "@web/core/utils/hooks";
import {Burst} from "../logic/burst";
import {Damage} from "./damage";
import {Lots} from "./lots";
import {REFUSED, judge} from "../logic/answers";
import {Rest} from "./rest";
import {Workorders} from "./workorders";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {localization} from "@web/core/l10n/localization";
import {useNumpadDecimal} from "@web/views/fields/numpad_decimal_hook";

const MODEL = "mrp.production";
// Milliseconds until a preview is asked for.
const PREVIEW_PAUSE = 300;
const NEAREST = {block: "nearest"};

/** One report: what is good, what failed, which lots; and what it will do. */
export class Entry extends Component {
  static template = "backflush_auto_terminal.Entry";
  static components = {Damage, Lots, Rest, Workorders};
  static props = {
    card: Object,
    settings: Object,
    scans: Object,
    sound: Object,
    post: Function,
    close: Function,
    reload: Function,
    fail: Function,
  };

  setup() {
    this.orm = useService("orm");
    this.root = useRef("root");
    this.keys = ["7", "8", "9", "4", "5", "6", "1", "2", "3", POINT, "0", BACK];
    this.keyNames = {[POINT]: _t("Decimal point"), [BACK]: _t("Delete")};
    this.point = localization.decimalPoint;
    this.burst = new Burst();
    this.names = new EventBus();
    this.state = useState({
      ...makeEntry(this.props.card, this.point, this.digits),
      field: "good",
      preview: null,
      note: "",
      problem: null,
      isPosting: false,
    });
    useNumpadDecimal();
    useBus(this.props.scans, "scan", ({detail}) => this.onScan(detail));
    onWillStart(() => this.preview());
    onMounted(() => this.focus("good"));
    useEffect(
      () => () => browser.clearTimeout(this.previewing),
      () => []
    );
    useEffect(
      () => {
        this.root.el.querySelector("[role=alert]")?.scrollIntoView(NEAREST);
      },
      () => [this.state.problem]
    );
  }

  get order() {
    return this.props.card.order;
  }

  get workorder() {
    const id = this.state.workorderId || this.props.card.workorder?.id;
    return this.order.workorders.find((work) => work.id === id);
  }

  get digits() {
    return this.props.settings.digits;
  }

  get remaining() {
    const place = this.state.workorderId ? this.workorder : this.order;
    return place ? place.qty_remaining : 0;
  }

  get over() {
    const entered = this.read("good") + (this.state.makeUp ? 0 : this.read("scrap"));
    return Math.max(0, entered - this.remaining);
  }

  get rest() {
    return findRest(this.state, this.order, this.point);
  }

  get overText() {
    const values = {quantity: this.format(this.over), unit: this.order.uom};
    return _t("%(quantity)s %(unit)s more than ordered.", values);
  }

  get coveredText() {
    const quantity = this.format(this.state.problem.covered);
    return _t("Report %s, what stock covers", quantity);
  }

  get allRemaining() {
    return _t("All %s", this.format(this.remaining));
  }

  get onlyHere() {
    return _t("%s only", this.props.card.workorder.name);
  }

  get ofAll() {
    return describeAll(this.order, this.digits);
  }

  get missing() {
    return findMissing(this.state, this.order, this.props.settings.reasons, this.point);
  }

  get missingText() {
    return describeMissing(this.missing);
  }

  get previewTexts() {
    return describePreview(this.state.preview, this.digits);
  }

  get advice() {
    return getAdvice(this.state.problem.type);
  }

  format(value) {
    return formatQuantity(value, this.digits);
  }

  read(field) {
    return readQuantity(this.state[field], this.point) || 0;
  }

  // --- Quantities ---

  focus(field) {
    this.state.field = field;
    this.root.el?.querySelector(`input[name=${field}]`)?.focus();
  }

  press(key) {
    const {field} = this.state;
    this.enter(field, press(this.state[field], key, this.point));
  }

  clear() {
    this.press(CLEAR);
  }

  enterRemaining() {
    this.enter("good", writeQuantity(this.remaining, this.point, this.digits));
  }

  enter(field, text) {
    this.state[field] = text;
    this.change();
  }

  change() {
    this.state.problem = null;
    this.preview();
  }

  setPlace(workorderId) {
    this.state.workorderId = workorderId;
    this.change();
  }

  // --- Keyboard ---

  /** Enter posts, unless it ends a scan; Escape goes back. */
  onKeydown(ev) {
    const isField = ev.target.matches("input[data-enable-barcode]");
    if (isField && ev.key.length === 1) {
      this.burst.add(ev.key, ev.target.value, ev.timeStamp);
    }
    if (ev.key === "Escape") {
      ev.preventDefault();
      this.props.close();
    } else if (ev.key === "Enter" && isField && !this.burst.end(ev.timeStamp)) {
      ev.preventDefault();
      this.post();
    }
  }

  /** A scan ends up in the field that has the focus, and is taken out of it again. */
  onScan({barcode, target}) {
    const field = target?.dataset?.enableBarcode && target.getAttribute("name");
    if (field && isTyped(barcode)) {
      return;
    }
    if (field) {
      this.enter(field, this.burst.before);
    }
    this.names.trigger("lot", barcode.trim());
  }

  // --- What it will do ---

  /** Ask for a preview once nobody types any more; late answers are dropped. */
  preview() {
    browser.clearTimeout(this.previewing);
    this.asked = null;
    this.state.preview = null;
    this.state.note = "";
    const missing = this.missing?.code;
    if (missing !== "number" && missing !== "quantity") {
      this.previewing = browser.setTimeout(() => this.askPreview(), PREVIEW_PAUSE);
    }
  }

  async askPreview() {
    const values = makePreviewValues(this.state, this.point);
    const asked = (this.asked = values);
    try {
      const ids = [this.order.id];
      const answer = await this.orm.silent.call(
        MODEL,
        "backflush_preview",
        [ids],
        values
      );
      if (this.asked === asked) {
        this.state.preview = answer;
      }
    } catch (error) {
      if (this.asked === asked) {
        const {outcome, message} = judge(error);
        this.state.note = outcome === REFUSED ? message : "";
        if (outcome !== REFUSED) {
          this.props.fail(error);
        }
      }
    }
  }

  // --- Post ---

  async post() {
    if (this.state.isPosting) {
      return;
    }
    if (this.missing) {
      this.state.problem = {message: this.missingText, type: ""};
      this.props.sound.play(WRONG);
      return;
    }
    const {order, digits} = this;
    const expected = this.state.preview ? this.state.preview.components : [];
    const values = makeReport(this.state, order, expected, this.point, digits);
    const damaged = this.state.damaged.map((it) => describeDamage(it, digits));
    const entered = {good: this.read("good"), scrap: this.read("scrap"), damaged};
    await this.send(values, entered);
  }

  /** Report what remains at a work order. */
  finishRest({id, qty_remaining: quantity}) {
    return this.send({quantity, workorder_id: id}, {good: quantity, scrap: 0});
  }

  async send(values, entered) {
    if (this.state.isPosting) {
      return;
    }
    this.state.isPosting = true;
    this.state.problem = null;
    const {name, product, uom} = this.order;
    const label = {order: name, product, unit: uom, ...entered};
    try {
      const answer = await this.props.post(this.props.card, values, label);
      if (answer.outcome === REFUSED) {
        const {type, message} = answer;
        const covered = type === "shortage" ? await this.findCovered(values) : 0;
        this.state.problem = {type, message, covered};
      }
    } finally {
      this.state.isPosting = false;
    }
  }

  /** The most that stock covers, where that is something, and less than was entered. */
  async findCovered(report) {
    const {lot_names: _names, components: _lots, remainder: _rest, ...asked} = report;
    const {quantity} = asked;
    if (!quantity) {
      return 0;
    }
    const ids = [this.order.id];
    const most = await this.orm.silent
      .call(MODEL, "backflush_preview", [ids], asked)
      .then((preview) => preview.max_quantity)
      .catch(() => 0);
    return most < quantity ? most : 0;
  }

  postCovered() {
    this.enter(
      "good",
      writeQuantity(this.state.problem.covered, this.point, this.digits)
    );
    this.post();
  }
}
