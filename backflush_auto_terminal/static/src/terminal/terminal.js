import {
  Component,
  EventBus,
  onWillDestroy,
  onWillStart,
  useRef,
  useState,
} from "@odoo/owl";
import {LOGGED_OUT, POSTED, REFUSED, UNANSWERED, judge} from "../logic/answers";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {Device} from "../logic/device";
import {Entry} from "./entry";
import {Header} from "./header";
import {LastReports} from "./last_reports";
import {Message} from "./message";
import {OrderCard} from "./order_card";
import {Outbox} from "../logic/outbox";
import {OutboxPanel} from "./outbox_panel";
import {RIGHT, WRONG} from "../logic/scan";
import {Sound} from "../logic/sound";
import {StationDialog} from "./station_dialog";
import {findStation, getStationAddress, getStationValues} from "../logic/station";
import {describePosting, describeWaiting} from "./texts";
import {send} from "../logic/send";
import {registry} from "@web/core/registry";
import {router} from "@web/core/browser/router";
import {session} from "@web/session";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useBus, useService} from "@web/core/utils/hooks";
import {useListeners, useTicks} from "./hooks";
import {report} from "./reporting";
import {user} from "@web/core/user";

const PATH = "report-at-the-line";
const MODEL = "mrp.production";
// Milliseconds.
const SEARCH_PAUSE = 300;
const NO_SETTINGS = {workcenters: [], picking_types: [], reasons: [], digits: 2};
const REFRESH = 60000;

/** A page for a tablet or phone at the line: reports production, also offline. */
export class Terminal extends Component {
  static template = "backflush_auto_terminal.Terminal";
  static components = {Entry, Header, LastReports, Message, OrderCard, OutboxPanel};
  static props = {...standardActionServiceProps, "*": true};

  setup() {
    this.orm = useService("orm");
    this.dialog = useService("dialog");
    this.barcode = useService("barcode");
    const scope = `${session.db}/${user.userId}`;
    this.device = new Device(browser.localStorage, scope);
    this.root = useRef("root");
    this.scans = new EventBus();
    this.sound = new Sound(() => this.state.isMuted);
    this.state = useState({
      station: this.device.station,
      settings: NO_SETTINGS,
      orders: [],
      more: false,
      search: "",
      entry: null,
      message: null,
      items: [],
      trouble: "",
      reports: [],
      isLoaded: false,
      isMuted: this.device.isMuted,
    });
    this.outbox = new Outbox({
      storage: browser.localStorage,
      scope,
      send,
      onChange: () => this.readOutbox(),
      onSettled: (item, answer) => this.onSettled(item, answer),
      wait: (callback, pause) => browser.setTimeout(callback, pause),
      stop: (handle) => browser.clearTimeout(handle),
    });
    useBus(this.barcode.bus, "barcode_scanned", ({detail}) => this.onScanned(detail));
    useListeners({
      online: () => this.reconnect(),
      offline: () => (this.state.trouble = UNANSWERED),
      storage: () => this.readOutbox(),
    });
    useTicks(() => this.refresh(), REFRESH);
    onWillDestroy(() => this.outbox.close());
    onWillStart(() => this.start());
  }

  async start() {
    this.readOutbox();
    await this.call("backflush_terminal_settings", {}, (settings) => {
      this.state.settings = settings;
    });
    const address = router.current.action === PATH ? router.current : {};
    const givens = [address, this.props.action.params || {}];
    this.setStation(findStation(givens, this.state.settings, this.device.station));
    await this.load();
    this.state.isLoaded = true;
    this.outbox.flush(true);
  }

  // --- The station ---

  setStation(station) {
    this.state.station = station;
    this.device.station = station;
    this.props.updateActionState?.(getStationAddress(station));
    this.readReports();
  }

  get stationName() {
    return this.state.station.name || _t("All stations");
  }

  chooseStation() {
    this.dialog.add(StationDialog, {
      settings: this.state.settings,
      station: this.state.station,
      choose: (station) => {
        this.state.entry = null;
        this.state.orders = [];
        this.setStation(station);
        this.load();
      },
    });
  }

  // --- Orders ---

  /** Call a method of orders, and say where there is no answer. */
  async call(method, values, then) {
    try {
      const answer = await this.orm.silent.call(MODEL, method, [], values);
      if (this.state.trouble === UNANSWERED) {
        this.state.trouble = "";
      }
      then(answer);
    } catch (error) {
      this.fail(error);
    }
  }

  fail(error) {
    const {outcome, message} = judge(error);
    if ([UNANSWERED, LOGGED_OUT].includes(outcome)) {
      this.state.trouble = outcome;
    } else {
      this.say("danger", message);
    }
  }

  async load() {
    const asked = {
      ...getStationValues(this.state.station),
      search: this.state.search.trim(),
    };
    this.asked = asked;
    await this.call("backflush_terminal_orders", asked, ({orders, more}) => {
      if (this.asked === asked) {
        Object.assign(this.state, {orders, more});
      }
    });
  }

  refresh() {
    if (!this.state.entry && browser.document?.visibilityState !== "hidden") {
      this.load();
    }
  }

  reconnect() {
    this.state.trouble = "";
    this.outbox.flush(true);
    this.load();
  }

  /** Orders, or the work that is to be done on them at this work center. */
  get cards() {
    const {kind, id} = this.state.station;
    if (kind !== "workcenter") {
      return this.state.orders.map((order) => ({key: `${order.id}`, order}));
    }
    return this.state.orders.flatMap((order) =>
      order.workorders
        .filter((work) => work.workcenter_id === id)
        .map((work) => ({key: `${order.id}-${work.id}`, order, workorder: work}))
    );
  }

  onSearch(ev) {
    this.state.search = ev.target.value;
    browser.clearTimeout(this.searching);
    this.searching = browser.setTimeout(() => this.load(), SEARCH_PAUSE);
  }

  onSearchKey(ev) {
    if (ev.key === "Enter" && this.state.search.trim()) {
      ev.preventDefault();
      browser.clearTimeout(this.searching);
      this.find(this.state.search.trim());
    }
  }

  open(order, workorder = null, values = null) {
    this.state.message = null;
    this.root.el?.scrollTo(0, 0);
    this.state.entry = {order, workorder, values, key: `${Date.now()}`};
    this.reload(this.state.entry);
  }

  close() {
    this.state.entry = null;
    this.root.el?.scrollTo(0, 0);
    this.load();
  }

  // --- Scans ---

  onScanned({barcode, target}) {
    if (this.state.entry) {
      this.scans.trigger("scan", {barcode, target});
    } else {
      this.find(barcode);
    }
  }

  async find(barcode) {
    const values = {barcode, ...getStationValues(this.state.station)};
    await this.call("backflush_terminal_find", values, ({kind, orders}) => {
      if (kind === "none") {
        this.refuse(_t("Nothing open was found for %s.", barcode));
        return;
      }
      this.sound.play(RIGHT);
      Object.assign(this.state, {orders, more: false, message: null});
      const [card = {order: orders[0]}, ...others] = this.cards;
      if (!others.length) {
        this.open(card.order, card.workorder);
      }
    });
  }

  toggleSound() {
    this.state.isMuted = this.device.isMuted = !this.state.isMuted;
  }

  // --- Reports ---

  readOutbox() {
    this.state.items = this.outbox.items;
    this.state.trouble = this.outbox.trouble || this.state.trouble;
  }

  readReports() {
    this.state.reports = this.device.getReports(this.state.station);
  }

  /** Keep a report and send it; see `report`. */
  async report(item) {
    const answer = await report(this.outbox, item, this.state.station);
    if (![POSTED, REFUSED].includes(answer.outcome)) {
      this.say("warning", describeWaiting(answer.outcome));
    }
    return answer;
  }

  onSettled(item, {outcome, result}) {
    this.state.trouble = "";
    if (outcome !== POSTED) {
      return;
    }
    const {id, name} = result;
    if (!item.corrects) {
      this.device.addReport(item.station, {id, name, label: item.label});
    }
    this.sound.play(RIGHT);
    const text = describePosting(item, result, this.state.settings.digits);
    this.say("success", text, {id, name});
    this.readReports();
    if (!this.state.entry) {
      this.load();
    }
  }

  refuse(text) {
    this.sound.play(WRONG);
    this.say("danger", text);
  }

  say(type, text, posting = null) {
    this.state.message = {type, text, posting};
  }

  async post(card, values, label) {
    const answer = await this.report({
      model: MODEL,
      method: "backflush_post",
      target: card.order.id,
      card: {order: card.order, workorder: card.workorder},
      values,
      label,
    });
    if (answer.outcome === REFUSED) {
      this.sound.play(WRONG);
    } else {
      this.outbox.discard(card.mends);
      // Somebody in a hurry has opened another order meanwhile.
      if (this.state.entry?.key === card.key) {
        this.close();
      }
    }
    return answer;
  }

  /** Read the order again: somebody may have reported on it meanwhile. */
  async reload({order, workorder, key}) {
    await this.call("backflush_terminal_find", {barcode: order.name}, ({orders}) => {
      const again = orders.find((it) => it.id === order.id);
      if (this.state.entry?.key === key && !again) {
        this.close();
        this.refuse(_t("Nothing open was found for %s.", order.name));
      } else if (this.state.entry?.key === key) {
        const work = again.workorders.find((it) => it.id === workorder?.id);
        Object.assign(this.state.entry, {order: again, workorder: work || null});
      }
    });
  }

  correct(report, quantity, reason) {
    return this.report({
      model: "mrp.backflush",
      method: "backflush_correct",
      target: report.id,
      corrects: report.name,
      values: {quantity, reason},
      label: {...report.label, good: quantity},
    });
  }

  /** Open what was refused again; it is kept until it is posted. */
  mend({card, values, reference}) {
    this.open(card.order, card.workorder, values);
    this.state.entry.mends = reference;
  }
}

registry.category("actions").add("backflush_terminal", Terminal);
