import { ApiClient } from "../api/client";

/** The real client, speaking to the pretending server; what would leave by other ways stays here, too. */
export class PreviewApi extends ApiClient {
  override beaconEvents(): boolean {
    return true;
  }

  override page(path: string): string {
    return path.startsWith("/v1") ? path : "#";
  }
}
