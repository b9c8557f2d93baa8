import {Component, onWillStart, onWillUpdateProps, useState} from "@odoo/owl";
import {CorrectDialog} from "./correct_dialog";
import {_t} from "@web/core/l10n/translation";
import {describeDamaged, formatQuantity} from "./texts";
import {useOpenPosting} from "./hooks";
import {useService} from "@web/core/utils/hooks";

const FIELDS = ["name", "date", "quantity_left", "state", "reverses_id"];

/** What was reported here last, each to be corrected. */
export class LastReports extends Component {
  static template = "backflush_auto_terminal.LastReports";
  static props = {
    reports: Array,
    digits: Number,
    correct: Function,
  };

  setup() {
    this.orm = useService("orm");
    this.dialog = useService("dialog");
    this.openPosting = useOpenPosting();
    this.state = useState({postings: {}});
    onWillStart(() => {
      this.load(this.props.reports);
    });
    onWillUpdateProps((next) => {
      if (next.reports !== this.props.reports) {
        this.load(next.reports);
      }
    });
  }

  /** What is left of them: another person may have corrected one. */
  async load(reports) {
    const domain = [["id", "in", reports.map((report) => report.id)]];
    try {
      const postings = await this.orm.silent.searchRead(
        "mrp.backflush",
        domain,
        FIELDS
      );
      this.state.postings = Object.fromEntries(postings.map((it) => [it.id, it]));
    } catch {
      // Without an answer they stand there as they were reported.
    }
  }

  get rows() {
    return this.props.reports.map((report) => {
      const posting = this.state.postings[report.id];
      const left = posting ? posting.quantity_left : report.label.good;
      return {
        ...report,
        left,
        more: this.describeScrap(report.label.scrap) + describeDamaged(report.label),
        isCorrected: Boolean(posting) && posting.state !== "posted",
        canCorrect: posting ? posting.state !== "reversed" : true,
      };
    });
  }

  describeScrap(quantity) {
    return quantity ? `, ${_t("%s scrapped", this.format(quantity))}` : "";
  }

  format(value) {
    return formatQuantity(value, this.props.digits);
  }

  correct(row) {
    this.dialog.add(CorrectDialog, {
      row,
      digits: this.props.digits,
      correct: (quantity, reason) => this.props.correct(row, quantity, reason),
    });
  }
}
