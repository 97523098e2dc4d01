export default function Request() {
  return <div className="page"><h1>Request</h1></div>;
}
