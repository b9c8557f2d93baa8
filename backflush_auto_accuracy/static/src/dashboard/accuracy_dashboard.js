import {Component, onWillStart, useState} from "@odoo/owl";
import {Layout} from "@web/search/layout";
import {View} from "@web/views/view";
import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/core/utils/numbers";
import {formatMonetary} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

const ADDON = "backflush_auto_accuracy";
// Days that can be looked back.
const PERIODS = [30, 90, 365];

/** Figures of accuracy, and Odoo's own graphs of what they are made of. */
export class AccuracyDashboard extends Component {
  static template = "backflush_auto_accuracy.Dashboard";
  static components = {Layout, View};
  static props = {...standardActionServiceProps};

  setup() {
    this.orm = useService("orm");
    this.action = useService("action");
    this.periods = PERIODS;
    this.display = {controlPanel: {}};
    this.state = useState({days: 90, figures: {}});
    onWillStart(() => this.load(this.state.days));
  }

  async load(days) {
    const figures = await this.orm.call(
      "mrp.backflush.accuracy",
      "get_backflush_dashboard",
      [],
      {days}
    );
    Object.assign(this.state, {days, figures});
  }

  get tiles() {
    const figures = this.state.figures;
    const percent = (value) => `${formatFloat(value, {digits: [16, 1]})} %`;
    const money = (value) => formatMonetary(value, {currencyId: figures.currency_id});
    const classes = figures.classes.map(
      ({value_class, accuracy}) => `${value_class.toUpperCase()} ${percent(accuracy)}`
    );
    return [
      {
        name: "records",
        title: _t("Right records"),
        value: figures.counts ? percent(figures.accuracy) : "–",
        text: classes.join(" · ") || _t("No count in this time"),
        action: "mrp_backflush_accuracy_action",
      },
      {
        name: "boms",
        title: _t("Right bills of materials"),
        value: figures.boms ? `${figures.boms_right} / ${figures.boms}` : "–",
        text: _t("as counts of their components show"),
        action: "mrp_backflush_bom_accuracy_action",
      },
      {
        name: "explained",
        title: _t("Differences explained"),
        value: money(figures.explained_value),
        text: _t("unexplained: %s", money(figures.unexplained_value)),
        action: "mrp_backflush_count_action",
      },
      {
        name: "proposals",
        title: _t("Open proposals"),
        value: `${figures.proposals}`,
        text: _t("worth %s a year", money(figures.proposals_value)),
        action: "mrp_backflush_proposal_action",
      },
    ];
  }

  get graphs() {
    const graphs = [
      {
        name: "records",
        title: _t("Right records by value class (%)"),
        resModel: "mrp.backflush.accuracy",
        groupBy: ["date:month", "value_class"],
        context: {graph_measure: "accuracy", graph_mode: "line", graph_stacked: false},
      },
      {
        name: "boms",
        title: _t("Right bills of materials (%)"),
        resModel: "mrp.backflush.bom.accuracy",
        groupBy: ["date:month"],
        context: {graph_measure: "is_right", graph_mode: "line", graph_stacked: false},
      },
      {
        name: "unexplained",
        title: _t("Unexplained differences"),
        resModel: "mrp.backflush.accuracy",
        groupBy: ["date:week"],
        context: {graph_measure: "unexplained_value", graph_mode: "bar"},
      },
      {
        name: "explained",
        title: _t("Explained differences by cause"),
        resModel: "mrp.backflush.accuracy",
        groupBy: ["date:week", "cause"],
        context: {graph_measure: "explained_value", graph_mode: "bar"},
      },
      {
        name: "workcenters",
        title: _t("Drift by work center"),
        resModel: "mrp.backflush.drift",
        groupBy: ["workcenter_id"],
        context: {graph_measure: "drift_value", graph_mode: "bar"},
      },
    ];
    if (this.state.figures.by_person) {
      graphs.push({
        name: "people",
        title: _t("Drift by person"),
        resModel: "mrp.backflush.drift",
        groupBy: ["user_id"],
        context: {graph_measure: "drift_value", graph_mode: "bar"},
      });
    }
    return graphs;
  }

  viewProps(graph) {
    return {
      type: "graph",
      resModel: graph.resModel,
      views: [
        [false, "graph"],
        [false, "search"],
      ],
      domain: [["date", ">=", this.state.figures.since]],
      groupBy: graph.groupBy,
      context: graph.context,
      display: {controlPanel: false},
    };
  }

  open(name) {
    this.action.doAction(`${ADDON}.${name}`);
  }
}

registry.category("actions").add("backflush_accuracy_dashboard", AccuracyDashboard);
