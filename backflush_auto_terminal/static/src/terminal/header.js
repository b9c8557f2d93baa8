import {Component} from "@odoo/owl";
import {isBarcodeScannerSupported} from "@web/core/barcode/barcode_video_scanner";
import {scanBarcode} from "@web/core/barcode/barcode_dialog";
import {useService} from "@web/core/utils/hooks";

/** The station, and whether its reports get through. */
export class Header extends Component {
  static template = "backflush_auto_terminal.Header";
  static props = {
    station: String,
    trouble: String,
    waiting: Number,
    isMuted: Boolean,
    chooseStation: Function,
    toggleSound: Function,
    scan: Function,
    refuse: Function,
    retry: Function,
  };

  setup() {
    this.action = useService("action");
    this.canUseCamera = isBarcodeScannerSupported();
  }

  async useCamera() {
    try {
      this.props.scan({barcode: await scanBarcode(this.env), target: null});
    } catch (error) {
      this.props.refuse(error.message);
    }
  }

  leave() {
    if (this.env.config.breadcrumbs?.length > 1) {
      this.env.config.historyBack();
    } else {
      this.action.doAction("mrp.mrp_production_action", {clearBreadcrumbs: true});
    }
  }
}
